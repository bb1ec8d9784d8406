"""Gates, moves and schedules of phases."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from synapse.audit.models import Entry
from synapse.common.errors import Invalid, NotAllowed, ReasonRequired, Stale
from synapse.cycles.calendar import add_working_days, working_days
from synapse.cycles.errors import (
    ApprovedVersionMissing,
    GateClosed,
    NotSkippable,
    OpenVersionExists,
    PhaseNotOffered,
    WrongState,
)
from synapse.cycles.models import CycleReport, Phase
from synapse.cycles.phases import ORDER, PhaseHooks, PhaseKind
from synapse.cycles.schedule import planned_dates, schedule_status, worst
from synapse.cycles.services.phases import (
    complete_phase,
    plan_phase,
    reopen_phase,
    report_progress,
    skip_phase,
    start_phase,
)
from synapse.cycles.states import CycleStatus, PhaseState, ScheduleStatus
from tests.factories.accounts import make_admin, make_executive, make_owner, make_tester
from tests.factories.cycles import finish_phases_before, make_phase

S = ScheduleStatus


def state_of(cycle_report, kind):
    return Phase.objects.get(cycle_report=cycle_report, kind=kind).state


def test_nine_phases_lie_end_to_end(cycle_report):
    phases = list(cycle_report.phases.all())
    assert [phase.kind for phase in phases] == list(ORDER)
    lengths = [(phase.planned_end - phase.planned_start).days + 1 for phase in phases]
    assert lengths == [7, 5, 7, 5, 3, 7, 14, 7, 5]
    assert phases[0].planned_start == cycle_report.cycle.starts_on
    for before, after in zip(phases, phases[1:], strict=False):
        assert after.planned_start == before.planned_end + timedelta(days=1)


def test_start_notes_who_and_when(cycle_report, tester):
    phase = start_phase(phase=cycle_report.phase("planning"), actor=tester)
    assert (phase.state, phase.started_by) == (PhaseState.IN_PROGRESS, tester)
    entry = Entry.objects.get(action="phase.start")
    assert (entry.before, entry.after) == ({"state": "not_started"}, {"state": "in_progress"})
    with pytest.raises(WrongState):
        start_phase(phase=phase, actor=tester)


def test_the_cycles_executive_and_administrators_start_too(cycle_report):
    start_phase(phase=cycle_report.phase("planning"), actor=cycle_report.cycle.executive)
    assert state_of(cycle_report, "planning") == PhaseState.IN_PROGRESS


@pytest.mark.parametrize("make", [make_owner, make_tester, make_executive])
def test_others_move_no_phase(cycle_report, make):
    phase, actor = cycle_report.phase("planning"), make()
    for call in (
        lambda: start_phase(phase=phase, actor=actor),
        lambda: complete_phase(phase=phase, actor=actor),
        lambda: skip_phase(phase=phase, actor=actor, reason="x"),
        lambda: reopen_phase(phase=phase, actor=actor, reason="x"),
        lambda: plan_phase(
            phase=phase, actor=actor, planned_start=date(2030, 1, 1), planned_end=date(2030, 1, 2)
        ),
    ):
        with pytest.raises(NotAllowed):
            call()


def test_a_phase_starts_only_in_an_active_cycle(cycle_report, tester):
    cycle_report.cycle.status = CycleStatus.PLANNED
    cycle_report.cycle.save()
    with pytest.raises(WrongState, match="needs an active cycle"):
        start_phase(phase=cycle_report.phase("planning"), actor=tester)


def test_each_phase_waits_for_the_one_before(cycle_report, tester):
    for kind in ORDER[1:5]:
        with pytest.raises(GateClosed, match="must be complete"):
            start_phase(phase=cycle_report.phase(kind), actor=tester)


def test_the_report_waits_for_all(cycle_report, tester):
    with pytest.raises(GateClosed, match="Planning, Profiling.* and Observations must be complete"):
        start_phase_with_hooks(cycle_report, PhaseKind.REPORT, tester)


def start_phase_with_hooks(cycle_report, kind, tester):
    from synapse.cycles import phases

    phases._hooks[kind] = PhaseHooks(kind=kind, url=lambda phase: "/")
    return start_phase(phase=cycle_report.phase(kind), actor=tester)


def test_requests_start_with_the_first_ready_item(cycle_report, tester, hooks):
    owners = cycle_report.phase(PhaseKind.OWNERS)
    finish_phases_before(owners)
    ready = []
    hooks[PhaseKind.OWNERS] = PhaseHooks(
        kind=PhaseKind.OWNERS, url=lambda phase: "/", has_ready_item=lambda phase: bool(ready)
    )
    start_phase(phase=owners, actor=tester)
    with pytest.raises(GateClosed, match="Owners has nothing ready"):
        start_phase_with_hooks(cycle_report, PhaseKind.REQUESTS, tester)
    ready.append(1)
    assert start_phase_with_hooks(cycle_report, PhaseKind.REQUESTS, tester).is_in_progress


def test_a_phase_nobody_does_is_not_started(cycle_report, tester):
    phase = cycle_report.phase(PhaseKind.PROFILING)
    finish_phases_before(phase)
    with pytest.raises(PhaseNotOffered):
        start_phase(phase=phase, actor=tester)


def test_planning_completes_only_approved(phase, tester):
    with pytest.raises(ApprovedVersionMissing):
        complete_phase(phase=phase, actor=tester)


def test_nothing_may_be_open_at_completion(pending, tester):
    with pytest.raises(OpenVersionExists):
        complete_phase(phase=pending.phase, actor=tester)


def test_profiling_is_skipped_with_a_reason_once_planning_is_complete(approved, tester):
    cycle_report = approved.phase.cycle_report
    profiling = Phase.objects.get(cycle_report=cycle_report, kind=PhaseKind.PROFILING)
    with pytest.raises(GateClosed):
        skip_phase(phase=profiling, actor=tester, reason="none yet")
    complete_phase(phase=approved.phase, actor=tester)
    with pytest.raises(ReasonRequired):
        skip_phase(phase=profiling, actor=tester, reason=" ")
    skipped = skip_phase(phase=profiling, actor=tester, reason="no population yet")
    assert (skipped.is_skipped, skipped.is_complete) == (True, True)
    assert Entry.objects.get(action="phase.skip").reason == "no population yet"
    scoping = Phase.objects.get(cycle_report=cycle_report, kind=PhaseKind.SCOPING)
    assert start_phase(phase=scoping, actor=tester).is_in_progress


def test_other_phases_are_not_skipped(cycle_report, tester):
    with pytest.raises(NotSkippable):
        skip_phase(phase=cycle_report.phase("planning"), actor=tester, reason="x")


def test_the_database_refuses_a_skip_of_another_phase(cycle_report):
    with pytest.raises(IntegrityError, match="skipped"), transaction.atomic():
        cycle_report.phases.filter(kind="planning").update(skip_reason="x")


def test_reopening_needs_the_executive_and_a_reason(approved, tester):
    phase = complete_phase(phase=approved.phase, actor=tester)
    executive = phase.cycle_report.cycle.executive
    with pytest.raises(NotAllowed):
        reopen_phase(phase=phase, actor=tester, reason="x")
    with pytest.raises(ReasonRequired):
        reopen_phase(phase=phase, actor=executive, reason="")
    phase = reopen_phase(phase=phase, actor=executive, reason="field missed")
    assert phase.is_in_progress
    assert Entry.objects.get(action="phase.reopen").reason == "field missed"


def test_reopening_a_skipped_phase_lets_it_begin(cycle_report, tester):
    phase = cycle_report.phase(PhaseKind.PROFILING)
    finish_phases_before(phase)
    skip_phase(phase=phase, actor=tester, reason="x")
    phase = reopen_phase(phase=phase, actor=make_admin(), reason="population came")
    assert (phase.state, phase.skip_reason) == (PhaseState.NOT_STARTED, "")


def test_the_last_phase_completes_the_cycle_report(cycle_report, tester):
    phase = cycle_report.phase(PhaseKind.REPORT)
    finish_phases_before(phase)
    complete_phase(phase=start_phase_with_hooks(cycle_report, phase.kind, tester), actor=tester)
    assert CycleReport.objects.get(pk=cycle_report.pk).completed_at


def test_hooks_run_with_the_move_or_stop_it(cycle_report, tester, hooks):
    seen = []

    def refuse(phase):
        raise Invalid(reason="not today")

    hooks[PhaseKind.PLANNING] = PhaseHooks(
        kind=PhaseKind.PLANNING,
        url=lambda phase: "/",
        on_start=lambda phase, actor: seen.append(("start", phase.kind, actor)),
        check_complete=refuse,
    )
    phase = start_phase(phase=cycle_report.phase("planning"), actor=tester)
    assert seen == [("start", "planning", tester)]
    with pytest.raises(Invalid):
        complete_phase(phase=phase, actor=tester)
    assert state_of(cycle_report, "planning") == PhaseState.IN_PROGRESS


def test_dates_move_and_the_stale_move_is_refused(cycle_report, tester):
    phase = cycle_report.phase("scoping")
    new = {"planned_start": date(2030, 1, 1), "planned_end": date(2030, 1, 9)}
    moved = plan_phase(phase=phase, actor=tester, expected=phase.lock_version, **new)
    assert moved.planned_end == date(2030, 1, 9)
    with pytest.raises(Stale):
        plan_phase(phase=phase, actor=tester, expected=phase.lock_version, **new)
    with pytest.raises(Invalid):
        plan_phase(phase=phase, actor=tester, **new | {"planned_end": date(2029, 1, 1)})


MONDAY = date(2026, 3, 2)


def a_phase(state=PhaseState.IN_PROGRESS, progress=None, days=14, completed_on=None):
    return Phase(
        kind=PhaseKind.TESTING,
        state=state,
        progress=progress,
        planned_start=MONDAY,
        planned_end=MONDAY + timedelta(days=days - 1),
        completed_at=completed_on
        and timezone.make_aware(
            timezone.datetime.combine(completed_on, timezone.datetime.min.time())
        ),
    )


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (-3, S.ON_TRACK),  # before its start
        (0, S.ON_TRACK),
        (8, S.ON_TRACK),  # Tuesday of the second week: 3 of 10 working days left
        (9, S.ON_TRACK),  # Wednesday: 2 left, not less than a fifth
        (10, S.AT_RISK),  # Thursday: 1 left
        (13, S.AT_RISK),  # the last Sunday
        (14, S.PAST_DUE),
    ],
)
def test_a_running_phase_by_its_days(day, expected):
    assert schedule_status(a_phase(), MONDAY + timedelta(days=day)) == expected


def test_a_short_phase_is_not_at_risk_on_its_first_day():
    assert schedule_status(a_phase(days=5), MONDAY) == S.ON_TRACK


def test_progress_behind_the_days_is_a_risk():
    midweek = MONDAY + timedelta(days=7)  # 5 of 10 working days are gone
    assert schedule_status(a_phase(progress=49), midweek) == S.AT_RISK
    assert schedule_status(a_phase(progress=50), midweek) == S.ON_TRACK
    assert schedule_status(a_phase(PhaseState.NOT_STARTED, 0), midweek) == S.AT_RISK


def test_a_phase_finished_late_stays_late():
    done = PhaseState.COMPLETE
    end = MONDAY + timedelta(days=13)
    late = a_phase(done, 100, completed_on=end + timedelta(days=1))
    assert schedule_status(late, end + timedelta(days=99)) == S.COMPLETED_LATE
    in_time = a_phase(done, 100, completed_on=end)
    assert schedule_status(in_time, end + timedelta(days=99)) == S.ON_TRACK


def test_the_worst_phase_speaks_for_all():
    assert worst([S.ON_TRACK, S.AT_RISK, S.COMPLETED_LATE]) == S.AT_RISK
    assert worst([S.AT_RISK, S.PAST_DUE]) == S.PAST_DUE
    assert worst([]) == S.ON_TRACK


def test_progress_is_kept_within_bounds_and_only_while_running(phase):
    report_progress(phase=phase, percent=140)
    phase.refresh_from_db()
    assert phase.progress == 100
    other = phase.cycle_report.phase("scoping")
    report_progress(phase=other, percent=50)
    other.refresh_from_db()
    assert other.progress == 0


def test_working_days():
    friday, sunday = date(2026, 3, 6), date(2026, 3, 8)
    assert working_days(MONDAY, friday) == 5
    assert working_days(MONDAY, sunday) == 5
    assert working_days(sunday, MONDAY) == 0
    assert working_days(friday, date(2026, 3, 9)) == 2
    assert add_working_days(friday, 2) == date(2026, 3, 10)
    assert sum(working_days(a, b) for a, b in [planned_dates(MONDAY)[PhaseKind.PLANNING]]) == 5


def test_the_factory_leaves_a_phase_in_progress(db):
    assert make_phase(PhaseKind.SCOPING).is_in_progress
