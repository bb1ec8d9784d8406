"""Reports, cycles and who takes part in them."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.db import connection, transaction

from synapse.accounts.roles import Role
from synapse.audit.models import Entry
from synapse.common.errors import Invalid, NotAllowed, Stale
from synapse.cycles.errors import ReportInCycle, UnfitPerson, WrongState
from synapse.cycles.models import CycleReport, Report, TestCycle
from synapse.cycles.services import approval
from synapse.cycles.services.cycle_reports import assign_tester, create_cycle_report
from synapse.cycles.services.cycles import create_cycle, update_cycle
from synapse.cycles.services.reports import create_report, update_report
from tests.factories.accounts import make_admin, make_executive, make_owner, make_tester, make_user
from tests.factories.cycles import make_cycle, make_report

DATES = {"starts_on": date(2026, 7, 1), "ends_on": date(2026, 9, 30)}


def test_a_report_is_created_and_audited(db):
    owner = make_owner()
    report = create_report(actor=make_admin(), owner=owner, number="A", name="Alpha")
    assert (report.owner, report.is_active) == (owner, True)
    entry = Entry.objects.get(action="report.create")
    assert entry.after == {"number": "A", "name": "Alpha", "owner": owner.pk}


def test_a_reports_number_is_its_own(db):
    make_report(number="A")
    with pytest.raises(Invalid, match="numbered A already"):
        create_report(actor=make_admin(), owner=make_owner(), number="A", name="Again")


def test_owner_and_executive_need_their_roles(db):
    admin = make_admin()
    with pytest.raises(UnfitPerson, match="the owner"):
        create_report(actor=admin, owner=make_tester(), number="A", name="A")
    with pytest.raises(UnfitPerson, match="executive"):
        create_report(actor=admin, owner=make_owner(), executive=make_owner(), number="A", name="A")
    assert not Report.objects.exists()


def test_only_administrators_change_the_inventory(db):
    report = make_report()
    for actor in (make_executive(), report.owner):
        with pytest.raises(NotAllowed):
            update_report(report=report, actor=actor, name="x")


def test_a_new_owner_takes_over_what_waits(pending, owner):
    heir = make_owner()
    report = pending.cycle_report.report
    update_report(report=report, actor=make_admin(), owner=heir)
    assert [todo.subject for todo in heir.assignments.all()] == [pending]
    assert approval.approve(version=pending, actor=heir).is_approved
    entry = Entry.objects.get(action="report.update")
    assert (entry.before, entry.after) == ({"owner": owner.pk}, {"owner": heir.pk})


def test_the_tester_does_not_become_the_owner(cycle_report):
    both = make_user(roles=[Role.TESTER, Role.REPORT_OWNER])
    assign_tester(cycle_report=cycle_report, tester=both, actor=cycle_report.cycle.executive)
    with pytest.raises(UnfitPerson, match="they test this report"):
        update_report(report=cycle_report.report, actor=make_admin(), owner=both)


def test_the_owner_does_not_become_the_tester(cycle_report):
    both = make_user(roles=[Role.TESTER, Role.REPORT_OWNER])
    cycle = make_cycle()
    with pytest.raises(UnfitPerson, match="approves the tester's work"):
        create_cycle_report(
            cycle=cycle, report=make_report(owner=both), tester=both, actor=cycle.executive
        )


def test_stale_changes_are_refused(db):
    report, cycle, admin = make_report(), make_cycle(), make_admin()
    update_report(report=report, actor=admin, expected=1, name="b")
    with pytest.raises(Stale):
        update_report(report=report, actor=admin, expected=1, name="c")
    update_cycle(cycle=cycle, actor=admin, expected=1, name="b")
    with pytest.raises(Stale):
        update_cycle(cycle=cycle, actor=admin, expected=1, name="c")


def test_nothing_changed_writes_nothing(db):
    report = make_report()
    assert update_report(report=report, actor=make_admin(), name=report.name).lock_version == 1
    assert not Entry.objects.exists()


def test_an_executive_leads_the_cycle_they_create(db):
    executive = make_executive()
    cycle = create_cycle(actor=executive, name="Q3", **DATES)
    assert (cycle.executive, cycle.status) == (executive, "planned")
    with pytest.raises(NotAllowed):
        create_cycle(actor=make_tester(), name="Q4", **DATES)
    with pytest.raises(NotAllowed):
        update_cycle(cycle=cycle, actor=make_executive(), name="mine")


@pytest.mark.parametrize(
    ("change", "text"),
    [({"ends_on": date(2026, 1, 1)}, "ends before"), ({"name": "Q3"}, "named Q3 already")],
)
def test_bad_cycles_are_refused(db, change, text):
    executive = make_executive()
    create_cycle(actor=executive, name="Q3", **DATES)
    with pytest.raises(Invalid, match=text):
        create_cycle(actor=executive, **{"name": "Q4"} | DATES | change)
    assert TestCycle.objects.count() == 1


def test_a_cycle_moves_forward_only(cycle_report):
    cycle = cycle_report.cycle
    with pytest.raises(WrongState, match="1 of its reports"):
        update_cycle(cycle=cycle, actor=cycle.executive, status="completed")
    cycle = update_cycle(cycle=cycle, actor=cycle.executive, status="cancelled")
    with pytest.raises(WrongState, match="can't be changed"):
        update_cycle(cycle=cycle, actor=cycle.executive, status="active")


def test_a_report_is_in_a_cycle_once(cycle_report):
    cycle = cycle_report.cycle
    with pytest.raises(ReportInCycle):
        create_cycle_report(
            cycle=cycle, report=cycle_report.report, tester=make_tester(), actor=cycle.executive
        )
    assert CycleReport.objects.count() == 1


def test_retired_reports_and_finished_cycles_take_no_part(db):
    cycle = make_cycle()
    values = {"tester": make_tester(), "actor": cycle.executive}
    with pytest.raises(Invalid, match="not active"):
        create_cycle_report(cycle=cycle, report=make_report(is_active=False), **values)
    cycle.status = "completed"
    cycle.save()
    with pytest.raises(WrongState):
        create_cycle_report(cycle=cycle, report=make_report(), **values)


def test_a_new_tester_takes_over_the_rework(pending, owner, tester):
    approval.reject(version=pending, actor=owner, reason="b is wrong")
    cycle_report = pending.cycle_report
    heir = make_tester()
    with pytest.raises(NotAllowed):
        assign_tester(cycle_report=cycle_report, tester=heir, actor=tester)
    assign_tester(
        cycle_report=cycle_report, tester=heir, actor=cycle_report.cycle.executive, reason="ill"
    )
    assert [todo.kind for todo in heir.assignments.all()] == ["rework"]
    assert approval.revise(version=pending, actor=heir).is_draft
    assert Entry.objects.get(action="cyclereport.assign_tester").reason == "ill"


def test_an_unfit_tester_is_refused(cycle_report):
    executive = cycle_report.cycle.executive
    for person in (make_owner(), make_tester(is_active=False), cycle_report.owner):
        with pytest.raises(UnfitPerson):
            assign_tester(cycle_report=cycle_report, tester=person, actor=executive)


@pytest.mark.django_db(transaction=True)
def test_a_submission_during_a_handover_goes_to_the_new_owner(draft, tester):
    """The move waits for the handover and reads the owner that it leaves."""
    heir, admin = make_owner(), make_admin()

    def submit():
        try:
            approval.submit(version=draft, actor=tester)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            update_report(report=draft.cycle_report.report, actor=admin, owner=heir)
            submission = pool.submit(submit)
            with pytest.raises(TimeoutError):
                submission.result(timeout=0.5)
        submission.result(timeout=60)
    assert heir.assignments.get().subject == draft
