"""Tells the selection what it has to know: scope, rules and measures as plain data."""

from synapse.planning.states import Requirement
from synapse.profiling import rulebook
from synapse.profiling.models import Profile
from synapse.profiling.population.schema import Column
from synapse.profiling.profile_states import ResultStatus
from synapse.profiling.rulebook.sentences import sentence
from synapse.sampling.ground import Fields, ScopedField
from synapse.sampling.options import DrawOptions
from synapse.sampling.selection.context import Context, Quantiles, RunRule, ScopedAttribute
from synapse.sampling.selection.options import Options

POINTS = ("p01", "p25", "p75", "p99")


def context_of(population, fields: Fields, profile: Profile | None) -> Context:
    rules = _rules(profile) if profile else []
    limits = _limits(rules)
    return Context(
        population_hash=population.content_sha256,
        attributes=(
            *(_key(column) for column in fields.keys),
            *(_scoped(field, limits.get(field.column.name, {})) for field in fields.scoped),
        ),
        key_columns=tuple(fields.key_names),
        rules=tuple(map(_run_rule, rules)),
        quantiles=_quantiles(profile) if profile else {},
    )


def options_of(options: DrawOptions) -> Options:
    return Options(
        size=options.size,
        clean=options.mix_clean,
        anomaly=options.mix_anomaly,
        boundary=options.mix_boundary,
        seed=options.seed,
        per_attribute=options.per_attribute,
        method=options.method,
        include=tuple(options.include_keys),
        exclude=tuple(options.exclude_keys),
    )


def _key(column: Column) -> ScopedAttribute:
    return ScopedAttribute(
        column=column.name,
        label=column.name,
        data_type=column.data_type,
        number=column.number,
        date=column.date,
        codes=tuple(column.codes),
        is_key=True,
    )


def _scoped(field: ScopedField, limits: dict) -> ScopedAttribute:
    attribute, column = field.attribute, field.column
    return ScopedAttribute(
        column=column.name,
        label=attribute.name,
        risk=field.score,
        data_type=column.data_type or "string",
        number=column.number,
        date=column.date,
        codes=tuple(str(each["code"]) for each in attribute.allowed_values or []),
        mandatory=attribute.requirement == Requirement.MANDATORY,
        minimum=limits.get("min", ""),
        maximum=limits.get("max", ""),
        length=attribute.length,
    )


def _rules(profile: Profile) -> list[rulebook.Rule]:
    """The rules that were run; one that could not be evaluated says nothing of a record."""
    results = profile.results.filter(status=ResultStatus.RUN).select_related("rule")
    return [
        rulebook.Rule(
            rule_id=rule.rule_id,
            kind=rule.kind,
            attributes=tuple(rule.attributes),
            parameters=rule.parameters,
            severity=rule.severity,
            description=rule.description,
        )
        for rule in (result.rule for result in results.order_by("rule__position", "rule_id"))
    ]


def _run_rule(rule: rulebook.Rule) -> RunRule:
    return RunRule(
        rule_id=rule.rule_id,
        kind=rule.kind,
        severity=rule.severity,
        attributes=rule.attributes,
        sentence=sentence(rule),
    )


def _limits(rules: list[rulebook.Rule]) -> dict[str, dict[str, str]]:
    """The limits stated for single columns, where a rule states them as values."""
    found: dict[str, dict[str, str]] = {}
    for rule in rules:
        if rule.kind != "range" or len(rule.attributes) != 1:
            continue
        limits = found.setdefault(rule.attributes[0], {})
        for end in ("min", "max"):
            value = rule.parameters.get(end)
            if isinstance(value, str | int) and not isinstance(value, bool):
                limits.setdefault(end, str(value))
    return found


def _quantiles(profile: Profile) -> dict[str, Quantiles]:
    return {
        each.column: Quantiles(**{point: str(each.quantiles[point]) for point in POINTS})
        for each in profile.attribute_profiles.all()
        if all(each.quantiles.get(point) not in (None, "") for point in POINTS)
    }
