"""The spine's pages through the client: shown, refused, moved."""

import pytest
from django.urls import reverse

from synapse.cycles.models import CycleReport, Phase, Report, TestCycle
from synapse.cycles.states import PhaseState
from tests.factories.accounts import (
    make_admin,
    make_executive,
    make_owner,
    make_tester,
)
from tests.factories.cycles import make_cycle, make_cycle_report, make_report


def page(client, name, *args, **query):
    return client.get(reverse(f"cycles:{name}", args=args), query)


def test_home_lists_what_waits_for_the_owner(client, pending, owner):
    client.force_login(owner)
    response = page(client, "home")
    text = response.content.decode()
    assert response.status_code == 200
    assert "Approve paper" in text
    assert pending.get_absolute_url() in text


def test_home_shows_an_overdue_todo(client, pending, owner):
    todo = owner.assignments.get()
    todo.due_at = todo.created_at.replace(year=2020)
    todo.save()
    client.force_login(owner)
    assert "overdue" in page(client, "home").content.decode()


def test_the_list_part_alone_goes_to_htmx(client, owner):
    client.force_login(owner)
    response = client.get(
        reverse("cycles:home"), headers={"HX-Request": "true", "HX-Target": "list"}
    )
    assert "<html" not in response.content.decode()
    assert "HX-Request" in response["Vary"]


def test_everybody_else_is_sent_to_the_login(client, cycle_report):
    response = page(client, "cycle_report_detail", cycle_report.pk)
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("accounts:login"))


def test_the_tester_starts_planning_from_the_cycle_report(client, cycle_report, tester):
    client.force_login(tester)
    phase = cycle_report.phase("planning")
    assert "Start" in page(client, "cycle_report_detail", cycle_report.pk).content.decode()
    response = client.post(reverse("cycles:phase_start", args=[phase.pk]))
    assert response["Location"] == f"/papers/of/{phase.pk}/"
    phase.refresh_from_db()
    assert phase.state == PhaseState.IN_PROGRESS


def test_the_owner_sees_no_start_and_is_refused_by_hand(client, cycle_report, owner, caplog):
    client.force_login(owner)
    text = page(client, "cycle_report_detail", cycle_report.pk).content.decode()
    assert "Start</button>" not in text
    phase = cycle_report.phase("planning")
    response = client.post(
        reverse("cycles:phase_start", args=[phase.pk]),
        headers={"Referer": f"http://testserver{cycle_report.get_absolute_url()}"},
    )
    assert response.status_code == 403
    assert "You may not start phases" in response.content.decode()
    assert f"to user {owner.pk}: not_allowed" in caplog.text
    assert Phase.objects.get(pk=phase.pk).state == PhaseState.NOT_STARTED


def test_a_refused_move_leads_back_with_a_message(client, pending, tester):
    client.force_login(tester)
    where = pending.phase.cycle_report.get_absolute_url()
    response = client.post(
        reverse("cycles:phase_complete", args=[pending.phase_id]),
        headers={"Referer": f"http://testserver{where}?x=1"},
    )
    assert response["Location"] == f"{where}?x=1"
    assert "awaiting approval. Finish it" in client.get(where).content.decode()


@pytest.mark.parametrize("referer", ["https://evil.example/", ""])
def test_a_refusal_never_leads_elsewhere(client, pending, tester, referer):
    client.force_login(tester)
    response = client.post(
        reverse("cycles:phase_complete", args=[pending.phase_id]), headers={"Referer": referer}
    )
    assert response.status_code == 409
    assert "awaiting approval" in response.content.decode()


def test_complete_is_shut_with_its_reason(client, pending, tester):
    client.force_login(tester)
    text = page(client, "cycle_report_detail", pending.phase.cycle_report_id).content.decode()
    assert "Version 1 is awaiting approval" in text
    assert "disabled" in text


def test_a_refused_move_is_a_toast_for_htmx(client, pending, tester):
    client.force_login(tester)
    response = client.post(
        reverse("cycles:phase_complete", args=[pending.phase_id]), headers={"HX-Request": "true"}
    )
    assert response.status_code == 409
    assert response["HX-Reswap"] == "none"
    assert "awaiting approval" in response.content.decode()


def test_profiling_is_skipped_with_a_reason(client, approved, tester):
    client.force_login(tester)
    client.post(reverse("cycles:phase_complete", args=[approved.phase_id]))
    profiling = approved.phase.cycle_report.phases.get(kind="profiling")
    url = reverse("cycles:phase_skip", args=[profiling.pk])
    assert client.get(url).status_code == 200
    assert "This field is required" in client.post(url, {"reason": ""}).content.decode()
    client.post(url, {"reason": "no population yet"})
    profiling.refresh_from_db()
    assert profiling.is_skipped
    detail = page(client, "cycle_report_detail", profiling.cycle_report_id).content.decode()
    assert "no population yet" in detail


def test_dates_are_moved_unless_somebody_did_meanwhile(client, cycle_report, tester):
    client.force_login(tester)
    phase = cycle_report.phase("scoping")
    url = reverse("cycles:phase_plan", args=[phase.pk])
    form = client.get(url).context["form"].initial
    new = {"planned_start": "2030-01-01", "planned_end": "2030-01-09"} | {
        "expected": form["expected"]
    }
    client.post(url, new)
    phase.refresh_from_db()
    assert str(phase.planned_end) == "2030-01-09"
    client.post(url, new | {"planned_end": "2031-01-01"})
    phase.refresh_from_db()
    assert str(phase.planned_end) == "2030-01-09"


def test_the_executive_runs_a_cycle_in_pages(client, db):
    executive, tester = make_executive(), make_tester()
    report = make_report()
    client.force_login(executive)
    client.post(
        reverse("cycles:cycle_create"),
        {"name": "Q3", "starts_on": "2026-07-01", "ends_on": "2026-09-30"},
    )
    cycle = TestCycle.objects.get()
    assert cycle.executive == executive
    client.post(
        reverse("cycles:cycle_report_create", args=[cycle.pk]),
        {"report": report.pk, "tester": tester.pk},
    )
    cycle_report = CycleReport.objects.get()
    assert cycle_report.phases.count() == 9
    other = make_tester()
    client.post(
        reverse("cycles:tester_assign", args=[cycle_report.pk]),
        {"tester": other.pk, "reason": "holiday", "expected": 1},
    )
    cycle_report.refresh_from_db()
    assert cycle_report.tester == other


def test_the_form_offers_fit_people_only(client, db):
    cycle = make_cycle()
    tester, owner = make_tester(), make_owner()
    client.force_login(cycle.executive)
    form = page(client, "cycle_report_create", cycle.pk).context["form"]
    assert list(form.fields["tester"].queryset) == [tester]
    assert owner not in form.fields["tester"].queryset


def test_administrators_keep_the_inventory(client, db):
    admin, owner = make_admin(), make_owner()
    client.force_login(admin)
    client.post(
        reverse("cycles:report_create"),
        {
            "number": "FRY14M-D1",
            "name": "Schedule D.1",
            "frequency": "monthly",
            "owner": owner.pk,
            "is_active": "on",
        },
    )
    report = Report.objects.get()
    url = reverse("cycles:report_update", args=[report.pk])
    data = client.get(url).context["form"].initial
    assert data["owner"] == owner
    client.post(
        url,
        {
            "number": "FRY14M-D1",
            "name": "Cards",
            "frequency": "monthly",
            "owner": owner.pk,
            "expected": 1,
        },
    )
    report.refresh_from_db()
    assert (report.name, report.is_active) == ("Cards", False)


@pytest.mark.parametrize("name", ["report_create", "cycle_create"])
def test_testers_create_neither_reports_nor_cycles(client, tester, name):
    client.force_login(tester)
    assert page(client, name).status_code == 403


def test_strangers_get_404_for_every_page_of_a_cycle_report(client, cycle_report):
    phase = cycle_report.phase("planning")
    for stranger in (make_tester(), make_owner(), make_executive()):
        client.force_login(stranger)
        for name, pk in [
            ("cycle_report_detail", cycle_report.pk),
            ("tester_assign", cycle_report.pk),
            ("cycle_detail", cycle_report.cycle_id),
            ("phase_plan", phase.pk),
            ("phase_skip", phase.pk),
            ("phase_reopen", phase.pk),
        ]:
            assert page(client, name, pk).status_code == 404, name
        for name in ("phase_start", "phase_complete"):
            assert client.post(reverse(f"cycles:{name}", args=[phase.pk])).status_code == 404


LISTS = ["home", "cycle_list", "report_list", "cycle_report_list"]


@pytest.mark.parametrize("name", LISTS)
def test_lists_cost_the_same_with_one_row_and_with_many(client, tester, name, measure):
    client.force_login(tester)
    make_cycle_report(tester=tester)
    few = measure(lambda: page(client, name))
    for _ in range(12):
        make_cycle_report(tester=tester)
    assert measure(lambda: page(client, name)) == few


def test_a_cycle_report_costs_the_same_however_far_it_is(client, approved, tester, measure):
    client.force_login(tester)
    args = ["cycle_report_detail", approved.phase.cycle_report_id]
    assert measure(lambda: page(client, *args)) <= 15


def test_filters_stand_in_the_address(client, tester):
    make_cycle_report(tester=tester, report=make_report(name="Alpha"))
    make_cycle_report(tester=tester, report=make_report(name="Beta"))
    client.force_login(tester)
    text = page(client, "report_list", search="alph", sort="-name").content.decode()
    assert "Alpha" in text
    assert "Beta" not in text


def test_the_audit_of_a_path_shows_two_people(client, approved):
    client.force_login(make_admin())
    text = client.get(
        reverse("audit:entry_list"), {"cycle_report": approved.phase.cycle_report_id}
    ).content.decode()
    assert "paper.submit" in text
    assert "Tess" in text
    assert "Otto" in text


def test_long_lists_of_people_become_a_field_for_the_name(client, db, monkeypatch):
    monkeypatch.setattr("synapse.cycles.forms.MAX_CHOICES", 2)
    cycle, report = make_cycle(), make_report()
    testers = [make_tester() for _ in range(3)]
    client.force_login(cycle.executive)
    assert "Type the username" in page(client, "cycle_report_create", cycle.pk).content.decode()
    client.post(
        reverse("cycles:cycle_report_create", args=[cycle.pk]),
        {"report": report.pk, "tester": testers[1].username},
    )
    assert CycleReport.objects.get().tester == testers[1]


def test_who_takes_part_reads_the_history(client, approved, owner):
    cycle_report = approved.phase.cycle_report
    client.force_login(owner)
    text = page(client, "cycle_report_history", cycle_report.pk).content.decode()
    assert "paper.approve" in text
    assert "cyclereport.create" in text
    client.force_login(make_owner())
    assert page(client, "cycle_report_history", cycle_report.pk).status_code == 404
