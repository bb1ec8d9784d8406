"""How a phase stands against its planned dates."""

from collections.abc import Sequence
from datetime import date, timedelta

from synapse.cycles.calendar import working_days
from synapse.cycles.models import Phase
from synapse.cycles.phases import DAYS, ORDER, PhaseKind
from synapse.cycles.states import PhaseState, ScheduleStatus

MIN_REMAINING_DAYS = 1
REMAINING_SHARE = 0.2

WORST_FIRST = (
    ScheduleStatus.PAST_DUE,
    ScheduleStatus.AT_RISK,
    ScheduleStatus.COMPLETED_LATE,
    ScheduleStatus.ON_TRACK,
)


def planned_dates(starts_on: date) -> dict[PhaseKind, tuple[date, date]]:
    """First and last day of each phase, laid end to end at their usual lengths."""
    dates = {}
    for kind in ORDER:
        dates[kind] = (starts_on, starts_on + timedelta(days=DAYS[kind] - 1))
        starts_on += timedelta(days=DAYS[kind])
    return dates


def schedule_status(phase: Phase, today: date) -> ScheduleStatus:
    """At risk: less than a working day or a fifth of the plan is left, or progress lags the days.

    A phase finished late stays "completed late".
    """
    if phase.state == PhaseState.COMPLETE:
        late = phase.completed_at.date() > phase.planned_end
        return ScheduleStatus.COMPLETED_LATE if late else ScheduleStatus.ON_TRACK
    if today > phase.planned_end:
        return ScheduleStatus.PAST_DUE
    if today < phase.planned_start:
        return ScheduleStatus.ON_TRACK
    length = working_days(phase.planned_start, phase.planned_end)
    # Today counts as used up: what is left are the working days after it.
    remaining = working_days(today + timedelta(days=1), phase.planned_end)
    if remaining < max(MIN_REMAINING_DAYS, REMAINING_SHARE * length):
        return ScheduleStatus.AT_RISK
    gone = working_days(phase.planned_start, today - timedelta(days=1))
    progress = 0 if phase.state == PhaseState.NOT_STARTED else phase.progress
    if progress is not None and length and progress < 100 * gone / length:
        return ScheduleStatus.AT_RISK
    return ScheduleStatus.ON_TRACK


def worst(statuses: Sequence[ScheduleStatus]) -> ScheduleStatus:
    return next((status for status in WORST_FIRST if status in statuses), ScheduleStatus.ON_TRACK)
