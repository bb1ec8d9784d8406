"""Cron expressions: minute, hour, day, month, weekday, in UTC."""

from datetime import UTC, datetime

from cronsim import CronSim, CronSimError

LONGEST = 100
FIELDS = 5
# Where the search for any moment at all begins; it gives up after 50 years.
ANY_TIME = datetime(2024, 1, 1, tzinfo=UTC)


def problem(schedule: object) -> str:
    """Why this is no schedule, as the end of a sentence; nothing if it is one."""
    if not isinstance(schedule, str) or len(schedule) > LONGEST:
        return f"schedule must be text of at most {LONGEST} characters."
    if len(schedule.split()) != FIELDS:
        return (
            f"schedule {schedule!r} must have five parts: minute, hour, day, month and weekday, "
            'like "17 * * * *" for each hour at 17 minutes past.'
        )
    try:
        next(CronSim(schedule, ANY_TIME))
    except CronSimError as error:
        return f"schedule {schedule!r} can't be read: {str(error).lower()}."
    except StopIteration:
        return f"schedule {schedule!r} never comes: no day is like that."
    return ""


def last_until(schedule: str, moment: datetime) -> datetime:
    """The newest moment of the schedule that is not after `moment`; both in UTC."""
    # Backwards, fractions of a second are cut off first: they count as the first step.
    if moment.microsecond == 0:
        moment = moment.replace(microsecond=1)
    return next(CronSim(schedule, moment.astimezone(UTC), reverse=True))


def first_after(schedule: str, moment: datetime) -> datetime:
    """The first moment of the schedule after `moment`; both in UTC."""
    return next(CronSim(schedule, moment.astimezone(UTC)))
