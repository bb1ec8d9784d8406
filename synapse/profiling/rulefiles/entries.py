"""A row of a rule file as a rule of ours, or the reason why it can't be one."""

import re
from dataclasses import dataclass
from typing import Any

from synapse.common.errors import DomainError
from synapse.profiling import rulebook
from synapse.profiling.columns import Names
from synapse.profiling.rule_naming import renamed
from synapse.profiling.rulefiles import words
from synapse.profiling.rulefiles.conditions import NotACondition, condition_of, statement_of
from synapse.profiling.rulefiles.dialect import folded
from synapse.profiling.rulefiles.expressions import NotAnExpression, parse
from synapse.profiling.rulefiles.parameters import Unread, cell_parameters, split_list
from synapse.profiling.rulefiles.prose import from_prose
from synapse.profiling.rulefiles.rows import RuleRow
from synapse.profiling.rulefiles.spoken import as_expression

WITHOUT_PARAMETERS = ("not_blank", "unique", "constant")
# These judge one column; a row about several of them makes a rule for each.
SINGLE = ("not_blank", "in_set", "regex", "range", "length", "date_format")
MOST_SHOWN = 120
IF = re.compile(r"(?i)\s*if\b")
IF_THEN = re.compile(r"(?is)\s*if\b.+\bthen\b")


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
        expression = row.text("expression")
        condition = row.cells.get("condition")
        if kind == "if_then" and not expression and isinstance(row.cells.get("parameters"), str):
            written = row.text("parameters")
            expression = "" if written[:1] == "{" else written
        if isinstance(condition, str) and IF_THEN.match(condition) and not expression:
            expression, condition = condition, None
        if kind == "if_then" and expression and not IF.match(expression) and row.text("attributes"):
            expression, condition = "", expression
        if expression:
            return self._parsed(expression)
        if not condition and (spoken := self._spoken(row, kind)):
            return spoken
        kind = kind or (_kind_by_cells(row) if kind == "" else None)
        if isinstance(condition, str) and not kind:
            return self._parsed(condition)
        if kind is None:
            known = ", ".join(rulebook.KINDS)
            raise Unread(f"its kind “{_short(word)}” isn't known; known are {known}")
        kind, attributes, parameters = self._told(row, kind)
        if condition and kind != "if_then":
            if isinstance(condition, str) and parameters is None:
                return self._parsed(condition)
            return self._conditional(kind, attributes, parameters or {}, condition)
        if kind == "if_then":
            return kind, attributes, self._if_then(attributes, parameters or {}, condition)
        if parameters is None:
            raise Unread(_unclear(kind, word, row.text("description")))
        return kind, attributes, parameters

    def _spoken(self, row: RuleRow, kind: str | None) -> tuple[str, list[str], dict] | None:
        """What a row says in words alone, where the whole sentence is an expression."""
        silent = ("parameters", "values", "pattern", "min", "max")
        if any(row.cells.get(role) for role in silent) or kind in WITHOUT_PARAMETERS:
            return None
        said = as_expression(row.text("description"))
        for text in (said, f"[{row.text('attributes')}] {said}") if said else ():
            try:
                found = parse(text, self.column)
            except (NotAnExpression, DomainError):
                continue
            return found if kind in ("", None, found[0]) else None
        return None

    def _told(self, row: RuleRow, kind: str) -> tuple[str, list[str], dict[str, Any] | None]:
        """Kind, columns and parameters that the cells tell; None for parameters that lack."""
        parameters = cell_parameters(row, kind) if kind else {}
        attributes = self._named(row, kind, parameters)
        if kind == "compare" and "right" not in parameters and len(attributes) == 2:
            parameters, attributes = parameters | {"right": attributes[1]}, attributes[:1]
        if "exact" in parameters:
            exact = parameters.pop("exact")
            parameters |= {"min": exact, "max": exact}
        if parameters or kind in WITHOUT_PARAMETERS:
            return kind, attributes, parameters
        if "negative" in row.text("kind").lower() and kind == "range":
            return kind, attributes, {"min": "0"}
        if kind == "sum_equals" and len(attributes) > 1:
            return kind, attributes, {}
        found = from_prose(kind, row.text("description")) if len(attributes) == 1 else None
        return (found[0], attributes, found[1]) if found else (kind, attributes, None)

    def _named(self, row: RuleRow, kind: str, parameters: dict[str, Any]) -> list[str]:
        """The columns of the row's own cell, else those named among the parameters."""
        first = parameters.pop("left", None) or parameters.pop("total", None)
        among = parameters.pop("attributes", None) or parameters.pop("columns", None) or []
        if kind == "if_then" and not row.text("attributes"):
            return []
        named = self._attributes(row.text("attributes")) if row.text("attributes") else []
        named = named or [self.column(str(name)) for name in _listed(among)]
        if first is None:
            return named or self._attributes("")
        first = self.column(str(first))
        rest = [name for name in named if name != first]
        if kind == "sum_equals" and "parts" not in parameters and rest:
            parameters["parts"] = rest
        elif kind == "compare" and "right" not in parameters and len(rest) == 1:
            parameters["right"] = rest[0]
        return [first]

    def _parsed(self, expression: str) -> tuple[str, list[str], dict[str, Any]]:
        try:
            return parse(expression, self.column)
        except NotAnExpression as error:
            raise Unread(f"its expression can't be read: {error}") from error

    def _if_then(
        self, attributes: list[str], parameters: dict[str, Any], condition: Any
    ) -> dict[str, Any]:
        """Both conditions in our words; without a `then`, the row's attributes are filled."""
        told = parameters.get("if") or condition
        if not told:
            raise Unread("its kind “if_then” needs parameters, and it has none")
        then = parameters.get("then") or [{"attribute": name, "is": "not_blank"}
                                          for name in attributes]  # fmt: skip
        try:
            return {word: condition_of(each, self.column)
                    for word, each in (("if", told), ("then", _filled(then)))}  # fmt: skip
        except NotACondition as error:
            raise Unread(str(error)) from error

    def _conditional(
        self, kind: str, attributes: list[str], parameters: dict[str, Any], condition: Any
    ) -> tuple[str, list[str], dict[str, Any]]:
        """A rule of single columns that holds only where a condition does."""
        if not kind:
            raise Unread("it has a condition and doesn't say what holds then: give its kind")
        statements = [statement_of(kind, name, parameters) for name in attributes]
        if not all(statements):
            raise Unread(f"a rule of the kind {kind} can't depend on a condition")
        return "if_then", [], self._if_then([], {"then": statements}, condition)

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


def _kind_by_cells(row: RuleRow) -> str:
    """What a row without a word for its kind must be, by the cells that it fills."""
    if any(folded(heading) == "then" for heading in row.more):
        return "if_then"
    kinds = {"values": "in_set", "pattern": "regex", "min": "range", "max": "range"}
    return next((kind for role, kind in kinds.items() if row.cells.get(role)), "")


def _listed(names: Any) -> list[Any]:
    return split_list(names) if isinstance(names, str) else [*names]


def _filled(then: Any) -> Any:
    """A bare name after “then” means that it is filled."""
    if isinstance(then, str) and re.fullmatch(r"[\w .#-]+", then) and " = " not in then:
        return {"field": then, "is": "not_blank"}
    return then


def _unclear(kind: str, word: str, text: str) -> str:
    if not text:
        return f"its kind “{_short(word)}” needs parameters, and it has none"
    return (
        f"it is told in words only (“{_short(text)}”). Write it with parameters or as an expression"
    )


def _short(text: str) -> str:
    text = re.sub(r"\s+", " ", text)
    return text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]}…"
