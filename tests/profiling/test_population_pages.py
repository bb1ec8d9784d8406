"""The pages of populations: who sees what, what a press does, what is refused and how."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from jobs.models import Job
from synapse.planning.states import DataType
from synapse.profiling.models import Population
from synapse.profiling.services.populations import confirm
from synapse.profiling.services.uploading import begin_upload
from synapse.profiling.tasks.importing import start_import
from tests.factories.accounts import make_admin, make_tester
from tests.factories.cycles import finish_phases_before
from tests.factories.profiling import (
    RECORDS,
    make_population,
    make_profiling_phase,
    make_uploaded_population,
)
from tests.profiling.pages import WITH_BAD_ROWS, text_of, url

pytestmark = pytest.mark.django_db

GOOD = RECORDS.encode()


def send(client, phase, content=GOOD, name="records.csv"):
    file = SimpleUploadedFile(name, content)
    return client.post(url("population_upload", phase), {"file": file})


def test_the_phase_says_what_to_do_first_and_to_whom(as_tester, phase, owner):
    page = text_of(as_tester.get(phase.get_absolute_url()))
    assert "No population yet" in page
    assert url("population_upload", phase) in page
    as_tester.force_login(owner)
    page = text_of(as_tester.get(phase.get_absolute_url()))
    assert "The tester of this report uploads" in page
    assert url("population_upload", phase) not in page


def test_the_phase_lists_the_newest_first_and_marks_the_current_one(as_tester, phase):
    first = make_population(phase=phase, name="august.csv", content=WITH_BAD_ROWS)
    second = make_uploaded_population(phase=phase, name="september.csv")
    page = text_of(as_tester.get(phase.get_absolute_url()))
    assert page.index("september.csv") < page.index("august.csv")
    assert page.count(">current<") == 1
    assert page.index("august.csv") < page.index(">current<")
    assert f"{first.get_absolute_url()}?show=rejected" in page
    assert "to be confirmed" in page and "imported" in page
    assert str(second.uploaded_by) in page


def test_a_running_import_is_shown_above_the_phase_and_in_its_row(as_tester, uploaded, tester):
    start_import(population=confirm(population=uploaded, actor=tester), actor=tester)
    job = Job.objects.get()
    page = text_of(as_tester.get(url("phase_detail", uploaded.cycle_report.phases.get(
        kind="profiling"))))  # fmt: skip
    assert f'data-job-bar="{job.pk}"' in page
    assert ">importing<" in page
    page = text_of(as_tester.get(uploaded.get_absolute_url()))
    assert f'data-job-bar="{job.pk}"' in page
    assert url("population_delete", uploaded) not in page


def test_an_upload_leads_to_its_confirmation(as_tester, phase):
    reply = send(as_tester, phase)
    population = Population.objects.get()
    assert reply.url == url("population_confirm", population)
    assert population.size == len(RECORDS)


@pytest.mark.parametrize(
    ("content", "name", "status", "words"),
    [
        (b"", "empty.csv", 422, "is empty"),
        (b"a,b\n", "headings.csv", 422, "no record under them"),
        (b"PAR1....", "cut.parquet", 422, "damaged or cut off"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "picture.png", 415, "Upload delimited text"),
        (b"a,b\n1,2\x00\n", "nul.csv", 422, "NUL bytes"),
    ],
)
def test_a_file_that_is_no_population_is_told_at_its_field(
    as_tester, phase, content, name, status, words
):
    reply = send(as_tester, phase, content, name)
    assert reply.status_code == status
    assert words in reply.context["form"].errors["file"][0]
    assert "id_file_error" in text_of(reply)
    assert not Population.objects.exists()


def test_no_file_is_told_at_its_field(as_tester, phase):
    reply = as_tester.post(url("population_upload", phase), {})
    assert "This field is required" in text_of(reply)


def test_only_the_tester_uploads_and_only_while_the_phase_goes_on(as_owner, phase, tester):
    assert as_owner.get(url("population_upload", phase)).status_code == 403
    assert send(as_owner, phase).status_code == 403
    finish_phases_before(phase.cycle_report.phases.get(kind="scoping"))
    as_owner.force_login(tester)
    reply = as_owner.get(url("population_upload", phase))
    assert reply.status_code == 409
    assert "reopen it first" in text_of(reply)
    assert not Population.objects.exists()


def test_the_same_file_again_is_said_on_its_pages(as_tester, phase, imported):
    again = make_uploaded_population(phase=phase, content=WITH_BAD_ROWS, name="again.csv")
    for name in ("population_confirm", "population_detail"):
        page = text_of(as_tester.get(url(name, again)))
        assert "The very same file" in page
        assert imported.get_absolute_url() in page


@pytest.mark.parametrize("name", ["population_detail", "rejected_row_export"])
def test_everybody_who_takes_part_looks_and_nobody_else(client, imported, owner, tester, name):
    for person in (tester, owner, make_admin("ada")):
        client.force_login(person)
        assert client.get(url(name, imported)).status_code == 200
    client.force_login(make_tester("stranger"))
    assert client.get(url(name, imported)).status_code == 404
    client.logout()
    assert "/login/" in client.get(url(name, imported)).url


@pytest.mark.parametrize("name", ["population_confirm", "population_delete"])
def test_only_the_tester_confirms_and_deletes(client, uploaded, owner, tester, name):
    for person, status in [(tester, 200), (owner, 403), (make_tester("stranger"), 404)]:
        client.force_login(person)
        assert client.get(url(name, uploaded)).status_code == status
        assert client.post(url(name, uploaded), {"expected": 99}).status_code in {412, status}
    assert Population.objects.filter(pk=uploaded.pk, confirmed_at=None).exists()


def test_the_page_of_an_imported_population_tells_all_of_it(as_owner, imported):
    page = text_of(as_owner.get(imported.get_absolute_url()))
    for told in (
        imported.sha256, imported.content_sha256, "comma", "Cycle Ending Balance",
        DataType.DECIMAL.label, "SHA-256 of the bytes",
    ):  # fmt: skip
        assert told in page
    assert as_owner.get(imported.get_absolute_url()).context["facts"][0]["value"] == 5
    for button in ("Delete", "Look again", "Import again"):
        assert f">{button}<" not in page


def test_rejected_rows_have_their_tab_and_their_csv(as_owner, imported):
    page = text_of(as_owner.get(imported.get_absolute_url(), {"show": "rejected"}))
    assert "0006,1,1,too,many" in page
    assert url("rejected_row_export", imported) in page
    reply = as_owner.get(url("rejected_row_export", imported))
    lines = b"".join(reply.streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(lines)))
    assert [(row["record_no"], row["line_no"]) for row in rows] == [("6", "7"), ("7", "8")]
    assert all(row["reason"] and row["code"] for row in rows)


def test_columns_without_an_attribute_can_be_seen_alone(as_tester, phase):
    extra = RECORDS.replace("Balance\n", "Balance,Note\n", 1).replace("0001,1,100.50", "0001,1,1,x")
    population = make_population(phase=phase, content=extra)
    columns = as_tester.get(population.get_absolute_url(), {"unmatched": "on"}).context["page_obj"]
    assert [column["heading"] for column in columns] == ["Note"]


def test_attributes_without_a_column_are_named(as_tester, phase):
    content = "Credit Card Type,CycleEndingBalance\n1,2\n2,3\n"
    population = make_population(phase=phase, content=content)
    page = text_of(as_tester.get(population.get_absolute_url()))
    assert "Reference Number (key)" in page
    assert "1 attribute of the plan without a column" in page


def test_the_admin_shows_populations_and_changes_nothing(client, imported):
    client.force_login(make_admin())
    for model, row in [
        ("population", imported),
        ("populationpart", imported.imported_parts.get()),
        ("rejectedrow", imported.rejected_rows.first()),
    ]:
        assert client.get(reverse(f"admin:profiling_{model}_changelist")).status_code == 200
        address = reverse(f"admin:profiling_{model}_change", args=[row.pk])
        assert client.get(address).status_code == 200
        assert client.post(address, {"name": "other"}).status_code == 403


def queries(client, address) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address).status_code == 200
    return len(seen)


def test_the_list_asks_no_more_for_more_populations(as_tester, phase):
    make_population(phase=phase)
    make_uploaded_population(phase=phase)
    begin_upload(cycle_report=phase.cycle_report, name="a", size=9, actor=phase.cycle_report.tester)
    addresses = [phase.get_absolute_url(), url("population_upload", phase)]
    few = [queries(as_tester, address) for address in addresses]
    Population.objects.bulk_create(
        Population(
            cycle_report=phase.cycle_report, plan=Population.objects.first().plan,
            name=f"{number}.csv", size=9, uploaded_by=phase.cycle_report.tester,
        )
        for number in range(30)
    )  # fmt: skip
    assert [queries(as_tester, address) for address in addresses] == few


def test_wide_files_ask_no_more_than_narrow_ones(as_tester):
    counts = [[], []]
    for place, width in enumerate((10, 300)):
        fields = [{"name": f"Field {n}", "line": str(n)} for n in range(1, width + 1)]
        phase = make_profiling_phase(fields=fields)
        as_tester.force_login(phase.cycle_report.tester)
        lines = [",".join(each["name"] for each in fields)] + [",".join("x" * width)] * 2
        content = "\n".join(lines) + "\n"
        waiting = make_uploaded_population(phase=phase, content=content)
        done = make_population(phase=phase, content=content)
        counts[place] = [
            queries(as_tester, url("population_confirm", waiting)),
            queries(as_tester, url("population_detail", done)),
        ]
    assert counts[0] == counts[1]
