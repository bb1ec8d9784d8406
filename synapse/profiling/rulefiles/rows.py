"""A rule file as rows: what each cell is about, by the headings that such files use."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from synapse.common.errors import DomainError
from synapse.common.spreadsheets import meant
from synapse.planning.dictionary.headings import find_header, propose
from synapse.planning.dictionary.opening import read_table
from synapse.planning.dictionary.synonyms import define
from synapse.profiling.errors.rule_sets import UnreadableRules
from synapse.profiling.rulefiles.words import kind_of

MOST_ROWS = 20_000
NESTED = ("check", "rule", "test", "assertion", "validation", "constraint")
ROLES = (
    define(
        "rule_id",
        "Rule id",
        "rule id, rule no, rule number, edit id, edit number, edit no, check id, check number, "
        "test id, validation id, control id, dq rule id, rule code, edit code, id, rule ref, "
        "reference, no, number, rule name, edit, check name, ref",
    ),
    define(
        "attributes",
        "Attributes",
        "attributes, attribute, fields, field, affected fields, columns, column, field name, "
        "column name, attribute name, data element, data elements, data field, elements, element, "
        "target field, target column, field names, item, items, line item, line item name, "
        "variable, variables, affected field, applies to, field s, column s, attribute s",
    ),
    define(
        "kind",
        "Kind",
        "kind, rule type, type, check type, edit type, validation type, rule kind, category, "
        "dq dimension, dimension, rule category, test type, operator type, class, check, "
        "expectation type",
    ),
    define(
        "parameters",
        "Parameters",
        "parameters, params, parameter, arguments, args, kwargs, config, settings, "
        "rule parameters, value, rule value, threshold",
    ),
    define(
        "expression",
        "Expression",
        "expression, rule expression, logic, rule logic, formula, sql, rule sql, "
        "edit test algebraic, algebraic, test expression, validation formula, "
        "rule definition, check expression, predicate, technical rule, edit logic, pseudocode",
    ),
    define(
        "condition",
        "Condition",
        "condition, applies when, when, only when, precondition, rule condition, applicability, "
        "applies if, if, if condition, filter, where, scope condition, antecedent",
    ),
    define(
        "values",
        "Values",
        "values, allowed values, valid values, code list, domain, domain values, list of values, "
        "permitted values, valid codes, accepted values, codes",
    ),
    define("pattern", "Pattern", "pattern, regex, regular expression, regexp, mask, format"),
    define(
        "min", "Minimum", "min, minimum, min value, minimum value, lower bound, from, lower limit"
    ),
    define(
        "max", "Maximum", "max, maximum, max value, maximum value, upper bound, to, upper limit"
    ),
    define(
        "severity",
        "Severity",
        "severity, priority, criticality, level, risk, impact, severity level, importance, weight",
    ),
    define(
        "source", "Source", "source, origin, source in instructions, rule source, basis, citation"
    ),
    define(
        "enabled",
        "Enabled",
        "enabled, active, is active, on, status, in use, is enabled, switched on",
    ),
    define(
        "description",
        "Description",
        "description, rule, rule description, edit description, text, rule text, definition, "
        "message, error message, check description, business rule, explanation, details, "
        "rule in words, in words, edit test narrative, wording, validation rule, "
        "narrative, requirement, long description, comment",
    ),
    define("remark", "Remark", "remark, remarks, note, notes, rationale"),
)


@dataclass(frozen=True)
class RuleRow:
    """One row of a rule file; `number` is its row in the file, as a spreadsheet counts.

    `more` has the cells under headings of no role, by heading: some are parameters of a kind.
    """

    number: int
    cells: Mapping[str, Any]
    more: Mapping[str, Any] = field(default_factory=dict)

    def text(self, role: str) -> str:
        value = self.cells.get(role)
        return value.strip() if isinstance(value, str) else ""


def read_rows(content: bytes, file: str, *, limit: int) -> list[RuleRow]:
    """The rows with something in them; raises UnreadableRules if none has a rule's columns."""
    records = _json_records(content)
    if records is not None:
        return [
            RuleRow(number, *_by_role(record)) if isinstance(record, dict) else RuleRow(number, {})
            for number, record in enumerate(_few(records, file), start=1)
        ]
    try:
        table = read_table(content, file, limit=limit)
    except DomainError as error:
        raise UnreadableRules(file=file, reason=error.message) from error
    header, _ = find_header(table, ROLES)
    columns = {each.index: each.role for each in propose(list(header.cells), ROLES) if each.role}
    columns = _ids_not_kinds(columns, table.rows[table.rows.index(header) + 1 :])
    if not {*columns.values()} & {"attributes", "expression", "description"}:
        headings = ", ".join(cell for cell in header.cells if cell)[:300]
        reason = (
            f"no column names the fields a rule is about. Headings read: {headings}. "
            "Name one “attributes”."
        )
        raise UnreadableRules(file=file, reason=reason)
    rows = [
        RuleRow(
            row.number,
            {role: meant(row.cells[at]) for at, role in columns.items() if at < len(row.cells)},
            {
                heading: meant(cell.strip())
                for at, (heading, cell) in enumerate(zip(header.cells, row.cells, strict=False))
                if at not in columns and heading and cell.strip()
            },
        )
        for row in table.rows
        if row.number > header.number and not row.is_blank
    ]
    if not rows:
        raise UnreadableRules(file=file, reason="it has headings and no rule under them.")
    return _few(rows, file)


def _ids_not_kinds(columns: dict[int, str], rows) -> dict[int, str]:
    """A column “Check” or “Test” of distinct words that are no kinds names the rules."""
    kinds = [at for at, role in columns.items() if role == "kind"]
    if "rule_id" in columns.values() or not kinds:
        return columns
    cells = [row.cells[kinds[0]] for row in rows if len(row.cells) > kinds[0]]
    words = [cell for cell in cells if cell]
    if words and len({*words}) == len(words) and not any(map(kind_of, words)):
        return columns | {kinds[0]: "rule_id"}
    return columns


def _json_records(content: bytes) -> list[Any] | None:
    """The rules of a JSON file with their parameters as they are; None for another file."""
    if content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] not in (b"[", b"{"):
        return None
    try:
        data = json.loads(content.decode("utf-8-sig"))
    except (UnicodeDecodeError, ValueError, RecursionError):
        return None
    if isinstance(data, dict):
        lists = [value for value in data.values() if isinstance(value, list)]
        data = data.get("rules") or (lists[0] if len(lists) == 1 else data)
    if isinstance(data, dict):
        # Rules by their ids may stand one level deeper: {"edits": {"V1": {...}}}.
        inner = [each for each in data.values() if isinstance(each, dict)]
        if len(inner) == 1 and inner[0] and all(isinstance(e, dict) for e in inner[0].values()):
            data = inner[0]
    if isinstance(data, dict) and data and all(isinstance(each, dict) for each in data.values()):
        # Rules under their ids.
        data = [{"rule_id": name, **each} for name, each in data.items()]
    elif isinstance(data, dict):
        data = [data]
    return data if isinstance(data, list) and data else None


def _by_role(record: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What has a role under it, and the rest as it is."""
    record = _flat(record)
    roles = {each.index: each.role for each in propose([*map(str, record)], ROLES)}
    codes = {role.code for role in ROLES}
    told, more = {}, {}
    for at, (name, value) in enumerate(record.items()):
        # Our own names are never guessed at.
        role = name if name in codes else roles.get(at)
        if value is None:
            continue
        if role and (name in codes or role not in record):
            told[role] = _plain(value, role)
        else:
            more[str(name)] = value
    return told, more


def _flat(record: dict[str, Any]) -> dict[str, Any]:
    """A check told as an object of its own, such as {"check": {"type": "required"}}."""
    flat: dict[str, Any] = {}
    for name, value in record.items():
        own = isinstance(value, dict) and {str(word).lower() for word in value} & {"type", "kind"}
        flat |= value if own and name.lower() in NESTED else {name: value}
    return flat


def _plain(value: Any, role: str) -> Any:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list) and role in ("attributes", "values"):
        return "|".join(map(str, value))
    return value if isinstance(value, dict | list | str) else str(value)


def _few(rows: list, file: str) -> list:
    if len(rows) > MOST_ROWS:
        raise UnreadableRules(file=file, reason=f"it has more than {MOST_ROWS:,} rows.")
    return rows
