"""What people see of profiles: reads only, a fixed number of queries each."""

from decimal import Decimal

from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import NullIf

from synapse.cycles.selectors import approved_version, visible_cycle_reports
from synapse.planning.models import Attribute
from synapse.profiling.models import (
    AttributeProfile,
    Population,
    Profile,
    RuleResult,
    RuleSet,
)
from synapse.profiling.profile_states import ResultStatus
from synapse.profiling.rule_states import Severity

_CONTEXT = (
    "cycle_report__cycle",
    "cycle_report__report__owner",
    "cycle_report__tester",
    "population",
    "rule_set__phase__cycle_report",
    "rule_set__plan",
    "created_by",
)


def visible_profiles(user) -> QuerySet[Profile]:
    """The profiles of the cycle-reports a user takes part in; all for administrators."""
    rows = Profile.objects.select_related(*_CONTEXT)
    if user.is_administrator:
        return rows
    return rows.filter(cycle_report__in=_mine(user))


def visible_results(user) -> QuerySet[RuleResult]:
    rows = RuleResult.objects.select_related("profile", "rule")
    if user.is_administrator:
        return rows
    return rows.filter(profile__cycle_report__in=_mine(user))


def visible_attribute_profiles(user) -> QuerySet[AttributeProfile]:
    rows = AttributeProfile.objects.select_related("profile", "attribute")
    if user.is_administrator:
        return rows
    return rows.filter(profile__cycle_report__in=_mine(user))


def latest_profile(cycle_report) -> Profile | None:
    """The newest finished profile of the cycle-report."""
    return (
        Profile.objects.select_related(*_CONTEXT)
        .filter(cycle_report=cycle_report, finished_at__isnull=False)
        .order_by("-number")
        .first()
    )


def profiles_of(cycle_report) -> QuerySet[Profile]:
    """All of them, newest first, unfinished ones too."""
    return (
        Profile.objects.filter(cycle_report=cycle_report)
        .select_related("population", "rule_set", "created_by")
        .annotate(failing_rules=Count("results", filter=Q(results__failed__gt=0)))
        .order_by("-number")
    )


def imported_populations(cycle_report) -> QuerySet[Population]:
    """What can be profiled, newest first."""
    return Population.objects.filter(cycle_report=cycle_report, imported_at__isnull=False).order_by(
        "-pk"
    )


def approved_rules(phase) -> RuleSet | None:
    return approved_version(RuleSet, phase)


def quality_by_attribute(cycle_report) -> dict[int, int]:
    """Data quality (0 to 100) of each attribute that the newest profile judged, by its number.

    An attribute without a rule that checked anything isn't there: no data is not bad data.
    """
    profile = latest_profile(cycle_report)
    if profile is None:
        return {}
    rows = profile.attribute_profiles.filter(attribute__isnull=False, quality__isnull=False)
    return {id_: whole_points(quality) for id_, quality in rows.values_list("attribute", "quality")}


def quality_by_name(cycle_report) -> dict[str, int]:
    """The same by the folded name, under which the attribute is known in every plan."""
    found = quality_by_attribute(cycle_report)
    names = Attribute.objects.filter(pk__in=found).values_list("pk", "name")
    return {name.casefold(): found[id_] for id_, name in names}


def whole_points(quality: Decimal) -> int:
    """Rounded down, so that 100 is said only of what is faultless."""
    return int(quality)


def unmeasured(profile: Profile) -> QuerySet[Attribute]:
    """Attributes of the plan that the population has no column for."""
    measured = profile.attribute_profiles.filter(attribute__isnull=False).values("attribute")
    return (
        Attribute.objects.filter(version=profile.rule_set.plan_id)
        .exclude(pk__in=measured)
        .order_by("position", "pk")
    )


def results_of(profile: Profile) -> QuerySet[RuleResult]:
    """A row a rule, with what can be sorted by: the share that failed, and how much it matters."""
    ranks = [When(rule__severity=name, then=rank) for rank, name in enumerate(Severity.values)]
    return profile.results.select_related("rule").annotate(
        share=F("failed") * Value(1.0) / NullIf(F("checked"), Value(0)),
        severity_rank=Case(*ranks, output_field=IntegerField()),
    )


def totals(profile: Profile) -> dict[str, int]:
    """How many rules failed records, found nothing, or could not be run."""
    return profile.results.aggregate(
        rules=Count("pk"),
        failing=Count("pk", filter=Q(failed__gt=0)),
        clean=Count("pk", filter=Q(failed=0, checked__gt=0, error=0)),
        unreadable=Count("pk", filter=Q(error__gt=0)),
        idle=Count("pk", filter=Q(checked=0, status=ResultStatus.RUN)),
        broken=Count("pk", filter=Q(status=ResultStatus.ERROR)),
    )


def _mine(user) -> QuerySet:
    return visible_cycle_reports(user).order_by().values("pk")
