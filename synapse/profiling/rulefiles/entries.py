"""A row of a rule file as a rule of ours, or the reason why it can't be one."""

import re
from dataclasses import dataclass
from typing import Any

from synapse.common.errors import DomainError
from synapse.profiling import rulebook
from synapse.profiling.columns import Names
from synapse.profiling.rule_naming import renamed
from synapse.profiling.rulefiles import words
from synapse.profiling.rulefiles.expressions import NotAnExpression, parse
from synapse.profiling.rulefiles.parameters import Unread, cell_parameters
from synapse.profiling.rulefiles.prose import from_prose
from synapse.profiling.rulefiles.rows import RuleRow

WITHOUT_PARAMETERS = ("not_blank", "unique", "constant")
# These judge one column; a row about several of them makes a rule for each.
SINGLE = ("not_blank", "in_set", "regex", "range", "length", "date_format", "constant")
MOST_SHOWN = 120


@dataclass(frozen=True)
class Refused:
    """A row that was not taken: where it stands, how it calls itself, and why."""

    row: int
    rule_id: str
    reason: str


class Entries:
    """Reads rows for one plan; what rules name is looked up among its columns."""

    def __init__(self, names: Names, columns, extra: tuple[str, ...] = ()):
        self.names, self.columns = names, rulebook.checking.Columns(columns)
        self.extra = {name.casefold(): name for name in extra}

    def read(self, row: RuleRow) -> list[rulebook.Rule]:
        """The rules of a row; raises Unread with the reason for one that can't be read."""
        try:
            kind, attributes, parameters = self._meaning(row)
            rules = self._rules(row, kind, attributes, parameters)
            for rule in rules:
                rulebook.check(rule, self.columns)
        except DomainError as error:
            raise Unread(error.message) from error
        return rules

    def column(self, name: str) -> str:
        """A column of the plan under whichever of its names, else one of the file itself."""
        if not self.names.find(name) and name.strip().casefold() in self.extra:
            return self.extra[name.strip().casefold()]
        return self.names.resolve(name)

    def _meaning(self, row: RuleRow) -> tuple[str, list[str], dict[str, Any]]:
        word = row.text("kind")
        kind = words.kind_of(word)
        if kind is None and not row.text("expression"):
            known = ", ".join(rulebook.KINDS)
            raise Unread(f"its kind “{_short(word)}” isn't known; known are {known}")
        if expression := row.text("expression"):
            try:
                return parse(expression, self.column)
            except NotAnExpression as error:
                raise Unread(f"its expression can't be read: {error}") from error
        attributes = [] if kind == "if_then" else self._attributes(row.text("attributes"))
        if kind:
            parameters = cell_parameters(row, kind)
            if parameters or kind in WITHOUT_PARAMETERS:
                if kind == "if_then" and row.text("attributes"):
                    attributes = self._attributes(row.text("attributes"))
                return kind, attributes, parameters
        text = row.text("description")
        found = from_prose(kind or "", text) if len(attributes) == 1 else None
        if found:
            return found[0], attributes, found[1]
        raise Unread(_unclear(kind, word, text))

    def _rules(
        self, row: RuleRow, kind: str, attributes: list[str], parameters: dict[str, Any]
    ) -> list[rulebook.Rule]:
        rule_id = row.text("rule_id") or f"row-{row.number}"
        enabled = words.enabled_of(row.text("enabled"))
        if enabled is None:
            raise Unread(f"“{_short(row.text('enabled'))}” says neither on nor off")
        if kind == "sum_equals" and "parts" not in parameters:
            parameters, attributes = parameters | {"parts": attributes[1:]}, attributes[:1]
        told = {
            "kind": kind,
            "parameters": parameters,
            "severity": words.severity_of(row.text("severity")) or "medium",
            "source": self._source(row.text("source")),
            "enabled": enabled,
            "description": row.text("description"),
            "remark": row.text("remark")[:500],
        }
        groups = [[name] for name in attributes] if kind in SINGLE else [attributes]
        if kind == "if_then" and not attributes:
            groups = [["?"]]
        made = []
        for group in groups:
            own_id = rule_id if len(groups) == 1 else f"{rule_id} {group[0]}"
            rule = rulebook.Rule.from_dict(told | {"rule_id": own_id[:120], "attributes": group})
            if group == ["?"]:
                rule = rule.with_(attributes=rulebook.columns_of(rule)[1:])
            made.append(renamed(rule, self.column))
        return made

    def _attributes(self, text: str) -> list[str]:
        """Columns separated by bars, semicolons, line ends or commas; a whole name comes first."""
        if not text:
            raise Unread("it names no attribute")
        if self.names.find(text):
            return [self.column(text)]
        for sign in ("|", ";", "\n", ","):
            if sign in text:
                parts = [part.strip() for part in text.split(sign) if part.strip()]
                return list(dict.fromkeys(map(self.column, parts)))
        return [self.column(text)]

    @staticmethod
    def _source(text: str) -> str:
        word = text.strip().lower()
        return word if word in rulebook.SOURCES else "manual"


def _unclear(kind: str, word: str, text: str) -> str:
    if not text:
        return f"its kind “{_short(word)}” needs parameters, and it has none"
    return (
        f"it is told in words only (“{_short(text)}”). Write it with parameters or as an expression"
    )


def _short(text: str) -> str:
    text = re.sub(r"\s+", " ", text)
    return text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]}…"
