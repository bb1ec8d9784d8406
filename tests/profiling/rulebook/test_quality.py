"""The score of an attribute out of the counts of its rules; nothing measured is no score."""

from decimal import Decimal

from synapse.profiling.rulebook import Rule, RuleCount, add_up, quality_of


def rule(rule_id: str, kind: str, severity: str) -> Rule:
    return Rule(rule_id, kind, ("Name",), {}, severity)


BLANK, SET, UNIQUE = (
    rule("blank", "not_blank", "critical"),
    rule("set", "in_set", "low"),
    rule("unique", "unique", "high"),
)


def test_pass_rates_are_weighted_by_severity_and_type():
    counts = [
        RuleCount("blank", 100, 10, 0, 0),
        RuleCount("set", 50, 25, 50, 0),
        RuleCount("unique", 3, 1, 97, 0),
    ]
    weights = (Decimal("1.0") * 1, Decimal("0.4") * Decimal("0.9"), Decimal("0.8") * Decimal("0.7"))
    rates = (Decimal(90), Decimal(50), Decimal(200) / 3)
    told = sum(rate * weight for rate, weight in zip(rates, weights, strict=True)) / sum(weights)
    assert quality_of(counts, [BLANK, SET, UNIQUE]) == round(told, 2)


def test_without_data_there_is_no_score():
    assert quality_of([], [BLANK]) is None
    assert quality_of([RuleCount("blank", 0, 0, 0, 0)], [BLANK]) is None
    assert quality_of([RuleCount("set", 0, 0, 90, 10)], [SET]) is None
    assert quality_of([RuleCount.broken("set", 100, "why")], [SET]) is None
    assert quality_of([RuleCount("of another set", 5, 1, 0, 0)], [SET]) is None


def test_all_failed_is_nought_and_none_failed_a_hundred():
    assert quality_of([RuleCount("set", 4, 4, 0, 0)], [SET]) == 0
    assert quality_of([RuleCount("set", 4, 0, 0, 0)], [SET]) == 100


def test_a_broken_rule_does_not_lower_the_others():
    counts = [RuleCount("blank", 10, 1, 0, 0), RuleCount.broken("set", 10, "why")]
    assert quality_of(counts, [BLANK, SET]) == 90


def test_counts_of_parts_add_up_and_keep_what_went_wrong():
    parts = [
        RuleCount("a", 1, 1, 2, 3),
        RuleCount("b", 4, 0, 0, 0),
        RuleCount("a", 10, 5, 0, 1),
        RuleCount.broken("b", 6, "why"),
    ]
    assert add_up(parts) == [
        RuleCount("a", 11, 6, 2, 4),
        RuleCount("b", 4, 0, 0, 6, "error", "why"),
    ]
