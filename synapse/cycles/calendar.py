"""Working days: Monday to Friday."""

from datetime import date, timedelta

SATURDAY = 5


def is_working_day(day: date) -> bool:
    return day.weekday() < SATURDAY


def working_days(first: date, last: date) -> int:
    """Working days from first to last, both included; 0 when last is earlier."""
    if last < first:
        return 0
    weeks, rest = divmod((last - first).days + 1, 7)
    return weeks * 5 + sum(is_working_day(first + timedelta(days=n)) for n in range(rest))


def add_working_days(day: date, count: int) -> date:
    """The day that many working days later."""
    while count:
        day += timedelta(days=1)
        count -= is_working_day(day)
    return day
