"""Token budgets of a job, of a user's day and of everybody's day: reserved before each call.

A reservation counts as spent until its call is settled, so calls that start together can't pass a
budget together. One whose process died lapses as spent: the provider has most likely been paid.
"""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import connection
from django.db.models.functions import Now

from llm.conf import Conf
from llm.errors import BudgetSpent, DayBudgetSpent
from llm.failures import clock, in_seconds
from llm.models import Budget
from llm.request import Links

# A process that still waits this long after its call's deadline is gone.
LAPSES_AFTER = timedelta(seconds=60)
KEPT = timedelta(days=90)

# Budgets are locked in the order they are named in, by every statement: no deadlock.
RESERVE = """
WITH wanted AS (
    SELECT name, ceiling FROM unnest(%(names)s::text[], %(ceilings)s::bigint[])
        WITH ORDINALITY AS given (name, ceiling, place) ORDER BY place
), taken AS (
    INSERT INTO llm_budget AS budget (name, spent, reserved, ceiling, changed_at)
    SELECT name, 0, %(tokens)s, ceiling, statement_timestamp() FROM wanted
    WHERE %(tokens)s <= ceiling
    ON CONFLICT (name) DO UPDATE SET reserved = budget.reserved + excluded.reserved,
        ceiling = excluded.ceiling, changed_at = statement_timestamp()
    WHERE budget.spent + budget.reserved + excluded.reserved <= excluded.ceiling
    RETURNING name
), noted AS (
    INSERT INTO llm_reservation (token, budget_id, tokens, lapses_at)
    SELECT %(token)s, name, %(tokens)s, statement_timestamp() + %(span)s FROM taken
)
SELECT name FROM taken
"""
SETTLE = """
WITH ended AS (
    DELETE FROM llm_reservation WHERE token = %(token)s RETURNING budget_id, tokens
), locked AS (
    SELECT budget.name, ended.tokens FROM llm_budget AS budget
    JOIN ended ON ended.budget_id = budget.name
    ORDER BY array_position(%(names)s::text[], budget.name::text) FOR UPDATE OF budget
)
UPDATE llm_budget AS budget SET reserved = budget.reserved - locked.tokens,
    spent = budget.spent + COALESCE(%(spent)s, locked.tokens), changed_at = statement_timestamp()
FROM locked WHERE budget.name = locked.name
"""
LAPSED = """
SELECT token, array_agg(budget_id) FROM llm_reservation
WHERE lapses_at < statement_timestamp() GROUP BY token LIMIT 1000
"""


@dataclass(frozen=True)
class Hold:
    """Tokens reserved for one attempt, in the budgets named."""

    token: uuid.UUID
    names: tuple[str, ...]


def reserve(links: Links, tokens: int, conf: Conf) -> Hold | None:
    """Tokens set aside in every budget of this call; None where no budget is set.

    Raises BudgetSpent (of the job) or DayBudgetSpent (of the user's or everybody's day, with the
    next midnight, UTC, to come back at) and reserves nothing.
    """
    budgets = dict(_budgets(links, conf))
    if not budgets:
        return None
    hold = Hold(uuid.uuid4(), tuple(budgets))
    values = {
        "names": [*budgets],
        "ceilings": [*budgets.values()],
        "tokens": tokens,
        "token": hold.token,
        "span": timedelta(seconds=conf.timeout) + LAPSES_AFTER,
    }
    with connection.cursor() as cursor:
        cursor.execute(RESERVE, values)
        taken = {name for (name,) in cursor.fetchall()}
    refused = [name for name in budgets if name not in taken]
    if refused:
        settle(hold, 0)
        raise _refusal(refused[0], budgets[refused[0]], tokens)
    return hold


def settle(hold: Hold | None, spent: int | None) -> None:
    """What the attempt really used; None if nobody knows: then all that was reserved."""
    if hold is None:
        return
    with connection.cursor() as cursor:
        cursor.execute(SETTLE, {"token": hold.token, "names": [*hold.names], "spent": spent})


def sweep() -> int:
    """Counts reservations of dead processes as spent; returns how many attempts they were of."""
    with connection.cursor() as cursor:
        cursor.execute(LAPSED)
        lapsed = cursor.fetchall()
    for token, names in lapsed:
        settle(Hold(token, tuple(sorted(names, key=_place))), None)
    return len(lapsed)


def purge() -> int:
    """Forgets budgets that nobody has drawn on for so long that their job or day is over."""
    return Budget.objects.filter(reserved=0, changed_at__lt=Now() - KEPT).delete()[0]


def today() -> str:
    """The day, UTC, by the clock that all workers share."""
    return _now().date().isoformat()


def _now() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement_timestamp()")
        return cursor.fetchone()[0].astimezone(UTC)


def _budgets(links: Links, conf: Conf) -> Iterator[tuple[str, int]]:
    """(name, ceiling) of the budgets that this call draws on, the narrowest first."""
    day = today() if conf.budget_user_day or conf.budget_day else ""
    if conf.budget_job and links.job_id:
        yield f"job:{links.job_id}", conf.budget_job
    if conf.budget_user_day and links.owner_id:
        yield f"user:{links.owner_id}:{day}", conf.budget_user_day
    if conf.budget_day:
        yield f"day:{day}", conf.budget_day


def _place(name: str) -> int:
    return ("job", "user", "day").index(name.partition(":")[0])


def _refusal(name: str, ceiling: int, tokens: int) -> BudgetSpent:
    whose = {"job": "this job", "user": "your day", "day": "the day"}[name.partition(":")[0]]
    details = {"whose": whose, "ceiling": f"{ceiling:,}", "tokens": f"{tokens:,}"}
    if name.startswith("job:") or tokens > ceiling:
        return BudgetSpent(**details)
    now = _now()
    midnight = datetime(now.year, now.month, now.day, tzinfo=UTC) + timedelta(days=1)
    moment = in_seconds((midnight - now).total_seconds())
    return DayBudgetSpent(retry_at=moment, retry_time=clock(midnight), **details)
