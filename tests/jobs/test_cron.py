"""Moments of a schedule: the newest one until now, and the next."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from jobs import cron

HOURLY = "17 * * * *"
ON_TIME = datetime(2026, 3, 1, 5, 17, tzinfo=UTC)
MOMENT = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("now", "slot"),
    [
        (ON_TIME, ON_TIME),
        (ON_TIME + MOMENT, ON_TIME),
        (ON_TIME - MOMENT, ON_TIME - timedelta(hours=1)),
        (ON_TIME + timedelta(minutes=59), ON_TIME),
    ],
)
def test_a_slot_begins_at_its_moment(now, slot):
    assert cron.last_until(HOURLY, now) == slot


def test_the_next_slot_is_never_the_present_one():
    assert cron.first_after(HOURLY, ON_TIME) == ON_TIME + timedelta(hours=1)
    assert cron.first_after(HOURLY, ON_TIME - MOMENT) == ON_TIME


def test_a_schedule_means_utc_in_whatever_zone_the_moment_is_told():
    berlin = ON_TIME.astimezone(timezone(timedelta(hours=2)))
    assert cron.last_until("0 4 * * *", berlin) == datetime(2026, 3, 1, 4, tzinfo=UTC)
    assert cron.first_after("0 6 * * *", berlin) == datetime(2026, 3, 1, 6, tzinfo=UTC)


def test_a_rare_day_is_found_years_away():
    assert cron.last_until("0 0 29 2 *", ON_TIME) == datetime(2024, 2, 29, tzinfo=UTC)
    assert cron.first_after("0 0 29 2 *", ON_TIME) == datetime(2028, 2, 29, tzinfo=UTC)


def test_a_day_that_never_comes_is_no_schedule():
    last_weekday_on_a_sunday = "0 0 LW * */7"
    assert "never comes" in cron.problem(last_weekday_on_a_sunday)
    assert cron.problem("0 0 LW * *") == ""
