"""What calls came to, added up by day, operation, report, user or provider."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Avg, Count, Q, QuerySet, Sum
from django.db.models.functions import TruncDate

from llm import budgets, conf, surroundings
from llm.listing import IS_FAILED, in_days
from llm.models import Budget, LLMCall

# Rows of a report; what is beyond is added up in one.
MOST = 400


@dataclass(frozen=True)
class Group:
    """A way to add up: the column, what its values are called, the list's filter for one."""

    label: str
    column: str
    names: Callable[[list], dict] = lambda values: {}
    filter: str = ""
    nobody: str = "none"


def _people(ids: list) -> dict:
    return surroundings.current().people([pk for pk in ids if pk])


def _owners(names: list) -> dict:
    return surroundings.current().data_owners(names)


GROUPS = {
    "day": Group("Day", "day"),
    "operation": Group("Operation", "operation", filter="operation"),
    "report": Group("Report", "data_owner", _owners, filter="data_owner", nobody="no report"),
    "user": Group("User", "owner_id", _people, "user", nobody="the system"),
    "provider": Group("Provider", "provider", filter="provider"),
}


@dataclass(frozen=True)
class Line:
    """`calls` are HTTP attempts; answers from the cache are counted apart.

    `latency_ms` is the mean of the attempts that have one, None where none has.
    """

    value: object
    label: str
    calls: int
    cached: int
    failed: int
    tokens_in: int
    tokens_out: int
    cost: Decimal
    latency_ms: int | None

    @property
    def cached_share(self) -> float | None:
        """Of all answers asked for, 0 to 1."""
        asked = self.calls + self.cached
        return self.cached / asked if asked else None

    @property
    def failed_share(self) -> float | None:
        """Of the attempts, 0 to 1."""
        return self.failed / self.calls if self.calls else None


# Of columns that the index llm_call_cost has; of the key it has none.
SUMS = {
    "calls": Count("outcome", filter=Q(cached=False)),
    "answers_kept": Count("outcome", filter=Q(cached=True)),
    "failed": Count("outcome", filter=IS_FAILED),
    "all_in": Sum("tokens_in", default=0),
    "all_out": Sum("tokens_out", default=0),
    "all_cost": Sum("cost", default=Decimal(0)),
    "latency": Avg("latency_ms", filter=Q(cached=False)),
}


def lines(calls: QuerySet[LLMCall], *, by: str, started_from: date, started_to: date) -> list[Line]:
    """One a value, the dearest first (days: the latest first); one query, and one for names."""
    group = GROUPS[by]
    order = ["-day"] if by == "day" else ["-all_cost", "-calls", group.column]
    fitting = calls.filter(in_days(started_from, started_to))
    rows = list(added_up(fitting, by).order_by(*order)[:MOST])
    names = group.names([row[group.column] for row in rows])
    return [_line(row[group.column], _label(row[group.column], names, group), row) for row in rows]


def added_up(calls: QuerySet[LLMCall], by: str) -> QuerySet:
    """A row of sums for each value; of a period, from the index llm_call_cost alone."""
    calls = calls.order_by()
    if by == "day":
        calls = calls.annotate(day=TruncDate("started_at"))
    return calls.values(GROUPS[by].column).annotate(**SUMS)


def filters_of(by: str, line: Line) -> dict | None:
    """What the list of calls is narrowed by to show a line's; None where it can't be."""
    if line.value in ("", None):
        return None
    if by == "day":
        return {"started_from": line.value, "started_to": line.value}
    return {GROUPS[by].filter: line.value}


def total(calls: QuerySet[LLMCall], *, started_from: date, started_to: date) -> Line:
    """All of the period in one; one query."""
    fitting = calls.filter(in_days(started_from, started_to)).order_by()
    return _line(None, "All", fitting.aggregate(**SUMS))


def _line(value, label: str, row: dict) -> Line:
    return Line(
        value=value,
        label=label,
        calls=row["calls"],
        cached=row["answers_kept"],
        failed=row["failed"],
        tokens_in=row["all_in"],
        tokens_out=row["all_out"],
        cost=row["all_cost"],
        latency_ms=None if row["latency"] is None else round(row["latency"]),
    )


def _label(value, names: dict, group: Group) -> str:
    if value in ("", None):
        return group.nobody
    return names.get(value, str(value))


@dataclass(frozen=True)
class Spent:
    """A budget of today, in tokens; what open calls have reserved counts as used."""

    label: str
    used: int
    ceiling: int

    @property
    def percent(self) -> int:
        return min(self.used * 100 // self.ceiling, 100) if self.ceiling else 100


def budgets_today(user) -> list[Spent]:
    """The user's own and everybody's, where they are set; the second only for staff."""
    settings, day = conf.current(), budgets.today()
    wanted = {}
    if settings.budget_user_day:
        wanted[f"user:{user.pk}:{day}"] = ("Your day", settings.budget_user_day)
    if settings.budget_day and user.is_staff:
        wanted[f"day:{day}"] = ("Everybody's day", settings.budget_day)
    used = {row.name: row.spent + row.reserved for row in Budget.objects.filter(name__in=wanted)}
    return [Spent(label, used.get(name, 0), most) for name, (label, most) in wanted.items()]
