"""What the list of calls reads: the rows that its filters leave, ordered, and figures of today."""

from contextlib import suppress
from datetime import date, datetime, time
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet, Sum
from django.utils import timezone

from llm import surroundings
from llm.models import LLMCall

Outcome = LLMCall.Outcome
FAILED = "unanswered"
OUTCOMES = [*Outcome.choices[:2], (FAILED, "No valid answer"), *Outcome.choices[2:]]
LARGEST_KEY = 2**63 - 1
# What `sort` may name. Each has an index, with the key last; what isn't known counts as least.
ORDERS = {"number": [F("id").asc()], "-number": [F("id").desc()]}
for name, column in (("cost", "cost"), ("latency", "latency_ms")):
    ORDERS[name] = [F(column).asc(nulls_first=True), F("id").asc()]
    ORDERS[f"-{name}"] = [F(column).desc(nulls_last=True), F("id").desc()]
IS_FAILED = Q(cached=False) & ~Q(outcome__in=[Outcome.OK, Outcome.OPEN])


def listed_calls(visible: QuerySet[LLMCall], *, sort: str = "", **filters) -> QuerySet[LLMCall]:
    """Those of the calls that fit, newest first unless `sort` says otherwise."""
    calls = narrowed(visible, **filters)
    return calls.order_by(*ORDERS.get(sort, ORDERS["-number"]))


def narrowed(
    calls: QuerySet[LLMCall],
    *,
    search: str = "",
    operation: str = "",
    outcome: str = "",
    provider: str = "",
    model: str = "",
    job: int | None = None,
    user: str = "",
    data_owner: str = "",
    prompt: str = "",
    cached: bool | None = None,
    simulated: bool | None = None,
    masked: bool | None = None,
    uuid: UUID | None = None,
    started_from: date | None = None,
    started_to: date | None = None,
) -> QuerySet[LLMCall]:
    """The calls that fit; `user` is a name, both days are included."""
    exact = {
        "operation": operation,
        "provider": provider,
        "job_id": job,
        "data_owner": data_owner,
        "prompt_version": prompt,
        "uuid": uuid,
    }
    truths = {"cached": cached, "simulated": simulated, "masked": masked}
    fits = Q(**{name: value for name, value in exact.items() if value})
    fits &= Q(**{name: value for name, value in truths.items() if value is not None})
    if outcome:
        fits &= IS_FAILED if outcome == FAILED else Q(outcome=outcome)
    if model:
        fits &= Q(model_asked=model) | Q(model_returned=model)
    if user:
        fits &= Q(owner_id__in=surroundings.current().people_called(user))
    if search:
        fits &= _mentions(search)
    return calls.filter(fits, in_days(started_from, started_to))


def in_days(first: date | None, last: date | None) -> Q:
    """Begun on these days or between, as the clock here counts them.

    By bounds, which an index can look up; the day after the last possible one can't be named.
    """
    fits = Q()
    if first:
        fits &= Q(started_at__gte=_midnight(first))
    if last and last < date.max:
        fits &= Q(started_at__lt=_midnight(date.fromordinal(last.toordinal() + 1)))
    return fits


def _midnight(day: date):
    return datetime.combine(day, time.min, tzinfo=timezone.get_current_timezone())


def _mentions(text: str) -> Q:
    found = Q(item_key__icontains=text) | Q(error__icontains=text) | Q(error_code__iexact=text)
    found |= Q(provider_request_id=text)
    with suppress(ValueError):
        found |= Q(uuid=UUID(text))
    number = text.removeprefix("#")
    if number.isascii() and number.isdecimal() and int(number[:20]) <= LARGEST_KEY:
        found |= Q(pk=int(number)) | Q(job_id=int(number))
    return found


def today(calls: QuerySet[LLMCall]) -> dict[str, object]:
    """Figures over the calls begun today, in one query."""
    day = timezone.localdate()
    return (
        calls.filter(in_days(day, None))
        .order_by()
        .aggregate(
            calls=Count("outcome"),
            failed=Count("outcome", filter=IS_FAILED),
            cached=Count("outcome", filter=Q(cached=True)),
            open=Count("outcome", filter=Q(outcome=Outcome.OPEN)),
            cost=Sum("cost", default=0),
        )
    )
