"""What the pages of rule sets show around their rules."""

from synapse.cycles.selectors import steps
from synapse.profiling import rulebook
from synapse.profiling.models import Rule, RuleSet


def layout(rule_set: RuleSet) -> dict:
    """What layouts/phase.html needs of a rule set."""
    return {
        "rule_set": rule_set,
        "version": rule_set,
        "phase": rule_set.phase,
        "cycle_report": rule_set.cycle_report,
        "steps": steps(rule_set.cycle_report),
    }


def told(rules: list[Rule]) -> list[Rule]:
    """Each rule with its sentence."""
    for rule in rules:
        rule.sentence = rulebook.sentence(rule.as_rule())
    return rules
