"""One rule explained: what it says, what it runs as, and what the records said of it."""

import json

from synapse.profiling import rulebook
from synapse.profiling.models import Rule, RuleSet
from synapse.profiling.proposing.evidence import percent
from synapse.profiling.rule_columns import columns_for


def panel(rule_set: RuleSet, rule: Rule | None) -> dict:
    """What `_rule_panel.html` shows of the rule in focus, if there is one."""
    if rule is None:
        return {"focus": None}
    sql, fault = statement(rule, rule_set)
    return {
        "focus": rule,
        "sentence": rulebook.sentence(rule.as_rule()),
        "columns": rulebook.columns_of(rule.as_rule()),
        "parameters": pretty(rule.parameters),
        "evidence": evidence(rule),
        "sql": sql,
        "fault": fault,
    }


def statement(rule: Rule, rule_set: RuleSet) -> tuple[str, str]:
    """The SQL that finds the failures, or why there is none."""
    made, columns = rule.as_rule(), columns_for(rule_set)
    named = rulebook.columns_of(made)
    try:
        rulebook.check(made, columns)
        # Of a wide file, only what the rule is about makes a statement that can be read.
        return rulebook.sql(made, [each for each in columns if each.name in named]), ""
    except rulebook.InvalidRule as error:
        return "", error.message


def evidence(rule: Rule) -> list[tuple[str, str]]:
    """What was counted when the rule was tried on records; nothing for one that never was."""
    counted = rule.evidence
    if not counted:
        return []
    failed, checked = counted["failed"], counted["checked"]
    share = f" ({percent(failed, checked)} of those checked)" if checked else ""
    rows = [("Checked", f"{checked:,}"), ("Failed", f"{failed:,}{share}")]
    rows += [
        (label, f"{counted[name]:,}")
        for name, label in (("not_applicable", "Not applicable"), ("error", "Could not be read"))
        if counted.get(name)
    ]
    return rows


def pretty(parameters: dict) -> str:
    """Parameters as people edit them; nothing for none."""
    return json.dumps(parameters, indent=2, ensure_ascii=False) if parameters else ""
