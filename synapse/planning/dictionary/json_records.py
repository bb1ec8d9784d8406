"""JSON as a table: a list of objects, wherever in the file it stands."""

import json

from synapse.planning.dictionary.headings import heading_score
from synapse.planning.dictionary.table import MAX_COLUMNS, MAX_ROWS, Row, Table
from synapse.planning.dictionary.text import cell_text
from synapse.planning.errors import EmptyFile, InvalidJson, NoJsonRecords, TooManyRows

_LIKELY = ("fields", "columns", "attributes", "schema", "items", "data", "properties", "records")
_CODE_KEYS = ("code", "value", "key", "id", "name")
_MEANING_KEYS = ("meaning", "description", "label", "title", "text", "name", "definition")


def read_json(text: str, file: str, encoding: str) -> Table:
    try:
        content = json.loads(text)
    except json.JSONDecodeError as fault:
        raise InvalidJson(
            file=file, found=fault.msg, row=fault.lineno, column=fault.colno
        ) from None
    except RecursionError:
        raise InvalidJson(file=file, found="nested too deeply", row=1, column=1) from None
    place, records = _records(content)
    if records is None:
        raise NoJsonRecords(file=file)
    if not records:
        raise EmptyFile(file=file)
    if len(records) > MAX_ROWS:
        raise TooManyRows(file=file, limit=MAX_ROWS)
    headings = list(dict.fromkeys(key for record in records for key in record))[:MAX_COLUMNS]
    rows = [Row(0, tuple(cell_text(heading) for heading in headings))]
    for number, record in enumerate(records, start=1):
        rows.append(Row(number, tuple(_cell(record.get(heading)) for heading in headings)))
    return Table(file, "json", tuple(rows), encoding=encoding, place=place)


def _records(content: object, place: str = "", depth: int = 0) -> tuple[str, list[dict] | None]:
    """The list of objects that looks most like fields, and the path to it."""
    if isinstance(content, list):
        if content and all(isinstance(entry, dict) for entry in content):
            return place, content
        if content and all(isinstance(entry, list) for entry in content):
            headings = [str(cell) for cell in content[0]]
            return place, [dict(zip(headings, row, strict=False)) for row in content[1:]]
        return place, [] if not content else None
    if not isinstance(content, dict) or depth > 4:
        return place, None
    found = []
    for key, value in content.items():
        path, records = _records(value, f"{place}.{key}".strip("."), depth + 1)
        if records:
            score = heading_score(tuple(map(str, records[0])))
            found.append((key.lower() in _LIKELY, score, len(records), path, records))
    by_name = _keyed_by_name(content)
    if by_name:
        found.append(
            (
                place.lower() in _LIKELY,
                heading_score(tuple(by_name[0])),
                len(by_name),
                place,
                by_name,
            )
        )
    if not found:
        return place, None
    best = max(found, key=lambda item: item[1:3] if item[1] else (item[0], item[2]))
    return best[3], best[4]


def _keyed_by_name(content: dict) -> list[dict]:
    """`{"LoanNumber": {"type": ...}, ...}`, as JSON Schema writes its properties."""
    if len(content) < 2 or not all(isinstance(value, dict) for value in content.values()):
        return []
    if any("name" in value for value in content.values()):
        return [dict(value) for value in content.values()]
    return [{"name": name, **value} for name, value in content.items()]


def _cell(value: object) -> str:
    """A nested value as the text a code list is written in."""
    if isinstance(value, dict):
        if all(not isinstance(part, dict | list) for part in value.values()):
            return "\n".join(f"{cell_text(key)} = {cell_text(part)}" for key, part in value.items())
        return cell_text(json.dumps(value, ensure_ascii=False))
    if isinstance(value, list):
        pairs = [_pair(entry) for entry in value if isinstance(entry, dict)]
        if pairs and len(pairs) == len(value):
            return "\n".join(pairs)
        parts = [cell_text(entry) for entry in value if not isinstance(entry, dict | list)]
        return ("; " if all(len(part) <= 20 for part in parts) else "\n").join(parts)
    return cell_text(value)


def _pair(entry: dict) -> str:
    code = next((entry[key] for key in _CODE_KEYS if entry.get(key) not in (None, "")), "")
    meaning = next(
        (entry[key] for key in _MEANING_KEYS if entry.get(key) not in (None, "", code)), ""
    )
    return f"{cell_text(code)} = {cell_text(meaning)}"
