"""The pages: who sees what, what the lists show and what is taken away from them."""

import csv
import io
import json

import pytest
from django.urls import reverse

from jobs.models import Job
from jobs.testing import run_pending
from synapse.sampling.models import SampleSet
from tests.factories.accounts import make_admin, make_tester
from tests.factories.sampling import (
    add_by_hand,
    make_records,
    make_sample_set,
    make_sampling_phase,
)
from tests.sampling.pages import HTMX, url

pytestmark = pytest.mark.django_db

PAGES = ["sampleset_detail", "sampleset_compare", "sampleset_versions"]
DRAW = {
    "method": "risk", "size": "10", "mix_anomaly": "50", "mix_boundary": "20", "mix_clean": "30",
    "per_attribute": "1", "seed": "7", "confidence": "95", "include_keys": "", "exclude_keys": "",
}  # fmt: skip


def export(client, sample_set, form="csv", query=""):
    response = client.get(url("sampleset_export", sample_set, form) + query)
    assert response.status_code == 200
    return b"".join(response) if not response.streaming else b"".join(response.streaming_content)


@pytest.mark.parametrize("name", PAGES)
def test_pages_open_for_those_who_take_part_and_no_others(as_tester, sample_set, owner, name):
    assert as_tester.get(url(name, sample_set)).status_code == 200
    for person, code in ((owner, 200), (make_admin("ada"), 200), (make_tester("other"), 404)):
        as_tester.force_login(person)
        assert as_tester.get(url(name, sample_set)).status_code == code


def test_the_phase_page_leads_to_the_draw_and_then_to_the_samples(as_tester, phase):
    address = reverse("sampling:phase_detail", args=[phase.pk])
    page = as_tester.get(address).content.decode()
    assert "Draw samples" in page and "200 records" in page
    sample_set = make_sample_set(phase=phase)
    assert as_tester.get(address).url == sample_set.get_absolute_url()


def test_the_phase_page_says_what_is_missing(as_owner, client, phase):
    page = as_owner.get(reverse("sampling:phase_detail", args=[phase.pk])).content.decode()
    assert "The tester of this report draws them" in page
    assert "Draw samples" not in page


@pytest.mark.django_db(transaction=True)
def test_a_draw_from_the_form_to_the_samples(as_tester, phase):
    address = reverse("sampling:phase_draw", args=[phase.pk])
    page = as_tester.get(address).content.decode()
    assert "prove, at 95 % confidence, that at most 11.3 % deviate" in page
    response = as_tester.post(address, DRAW, follow=True)
    job = Job.objects.get()
    assert f'data-job-bar="{job.pk}"' in response.content.decode()
    run_pending()
    sample_set = SampleSet.objects.get()
    page = as_tester.get(sample_set.get_absolute_url()).content.decode()
    assert "A00050" in page and "data-job-bar" not in page
    assert "10 samples are undecided" in page
    assert sample_set.population_hash in page and "How to draw the same again" in page


def test_what_is_wrong_with_a_draw_stands_by_its_field(as_tester, phase):
    address = reverse("sampling:phase_draw", args=[phase.pk])
    response = as_tester.post(address, DRAW | {"mix_clean": "40", "size": "500"})
    page = response.content.decode()
    assert response.status_code == 422
    assert "add up to 110" in page and "has 200 records" in page
    assert not SampleSet.objects.exists()


def test_a_new_draw_asks_to_replace_the_old(as_tester, sample_set):
    address = url("sampleset_draw", sample_set)
    assert "Replace the 10 samples drawn before" in as_tester.get(address).content.decode()
    refused = as_tester.post(address, DRAW)
    assert refused.status_code == 409 and b"Confirm that a new draw" in refused.content
    assert as_tester.post(address, DRAW | {"replace": "on"}).status_code == 302
    assert Job.objects.get().subject_id == sample_set.pk


def test_the_owner_sees_no_button_to_change_anything(as_owner, sample_set):
    page = as_owner.get(sample_set.get_absolute_url()).content.decode()
    for word in ("Draw again", "Submit for approval", "Add a record", 'data-key="y"'):
        assert word not in page
    assert as_owner.get(url("sampleset_draw", sample_set)).status_code == 403
    assert as_owner.get(url("sampleset_add", sample_set)).status_code == 403


@pytest.mark.parametrize(
    ("query", "condition"),
    [
        ("anomaly=on", {"category": "anomaly"}),
        ("clean=on", {"category": "clean"}),
        ("random=on", {"selection": "random"}),
        ("undecided=on", {"decision": None}),
        ("included=on", {"decision": "approved"}),
        ("q=A00050", {"key": "A00050"}),
        ("attribute=Rate", {"reasons__contains": [{"attribute": "Rate"}]}),
    ],
)
def test_filters_live_in_the_address(as_tester, sample_set, query, condition):
    response = as_tester.get(f"{sample_set.get_absolute_url()}?{query}")
    shown = {sample.pk for sample in response.context["page_obj"]}
    assert shown == set(sample_set.samples.filter(**condition).values_list("pk", flat=True))


def test_htmx_gets_the_list_or_the_panel_alone(as_tester, sample_set):
    sample = sample_set.items()[0]
    listed = as_tester.get(sample_set.get_absolute_url(), headers=HTMX | {"HX-Target": "list"})
    assert b"<html" not in listed.content and b"<table" in listed.content
    address = sample.get_absolute_url()
    panel = as_tester.get(address, headers=HTMX | {"HX-Target": "panel"})
    assert panel.content.lstrip().startswith(b"<aside")
    assert sample.row_hash[:12] in panel.content.decode()
    assert b"<html" in as_tester.get(address).content


def test_a_sample_of_another_set_is_not_there(as_tester, sample_set):
    foreign = make_sample_set().items()[0]
    for name in ("sample_detail", "sample_history"):
        assert as_tester.get(url(name, sample_set, foreign.pk)).status_code == 404


def test_exports_hold_the_rows_shown_and_no_formula(as_tester, sample_set):
    if not sample_set.samples.filter(record_no=7).exists():
        add_by_hand(sample_set, record_no=7, reason="=HYPERLINK()")
    text = export(as_tester, sample_set, query="?q=A00007").decode("utf-8-sig")
    [row] = csv.DictReader(io.StringIO(text))
    assert (row["key"], row["value: Remark"]) == ("A00007", "'=1+1")
    assert row["rationale"] == "'=HYPERLINK()"
    told = json.loads(export(as_tester, sample_set, "json"))
    assert told["origin"]["seed"] == 7 and len(told["samples"]) == sample_set.samples.count()
    assert told["samples"][0]["row"]


def test_the_size_helper_as_page_and_part(as_tester):
    address = reverse("sampling:sample_size")
    assert "59 records" in as_tester.get(address).content.decode()
    part = as_tester.get(
        f"{address}?confidence=95&tolerable=5&expected=1&population=",
        headers=HTMX | {"HX-Target": "size-answer"},
    ).content.decode()
    assert "93 records" in part and "<html" not in part
    wrong = as_tester.get(f"{address}?confidence=95&tolerable=500&expected=0")
    assert wrong.status_code == 200 and "less than or equal to 100" in wrong.content.decode()


def test_the_review_costs_the_same_queries_whatever_its_size(client, django_assert_max_num_queries):
    costs = {}
    for size in (5, 90):
        phase = make_sampling_phase(records=make_records(200))
        sample_set = make_sample_set(phase=phase, size=size)
        client.force_login(sample_set.cycle_report.tester)
        address = sample_set.items()[1].get_absolute_url()
        client.get(address)
        with django_assert_max_num_queries(24) as whole:
            client.get(address)
        with django_assert_max_num_queries(9) as part:
            client.get(sample_set.get_absolute_url(), headers=HTMX | {"HX-Target": "list"})
        costs[size] = (len(whole), len(part))
    assert costs[5] == costs[90]


def test_sampling_has_no_page_for_another_phase(as_tester, phase):
    other = phase.cycle_report.phases.get(kind="planning")
    for name in ("phase_detail", "phase_draw"):
        assert as_tester.get(reverse(f"sampling:{name}", args=[other.pk])).status_code == 404
