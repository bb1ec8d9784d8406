"""What changed from one version of the rules to another, rule by rule."""

from dataclasses import dataclass

from synapse.profiling import rulebook
from synapse.profiling.models import Rule, RuleSet


@dataclass(frozen=True)
class Change:
    """How one rule differs between two versions."""

    rule_id: str
    what: str
    before: str
    after: str


def compare(old: RuleSet, new: RuleSet) -> list[Change]:
    """In the order of the newer version; what it no longer has comes last."""
    before = {rule.rule_id: rule for rule in old.items()}
    changes = []
    for rule in new.items():
        former = before.pop(rule.rule_id, None)
        if former is None:
            changes.append(Change(rule.rule_id, "added", "", _sentence(rule)))
            continue
        changes += [
            Change(rule.rule_id, what, was, now)
            for (what, was), (_, now) in zip(_shown(former), _shown(rule), strict=True)
            if was != now
        ]
    return changes + [
        Change(each.rule_id, "removed", _sentence(each), "") for each in before.values()
    ]


def _shown(rule: Rule) -> list[tuple[str, str]]:
    return [
        ("rule", _sentence(rule)),
        ("severity", rule.get_severity_display()),
        ("state", "on" if rule.enabled else "off"),
        ("source", rule.get_source_display()),
        ("description", rule.description),
        ("remark", rule.remark),
    ]


def _sentence(rule: Rule) -> str:
    return rulebook.sentence(rule.as_rule())
