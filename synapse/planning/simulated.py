"""How the simulator drafts attributes: by rule, from the text of the request alone."""

import re

from llm.simulator import answers
from synapse.planning.dictionary.codes import parse_codes
from synapse.planning.dictionary.data_types import resolve_type
from synapse.planning.dictionary.headings import role_scores
from synapse.planning.dictionary.requirements import parse_requirement
from synapse.planning.dictionary.text import folded

QUOTE = 300
_HEADING = re.compile(r"^#{1,6}\s+(?P<title>.+?)\s*#*$")
_NUMBER = re.compile(r"^(?P<line>\d+[a-z]?(?:\.\d+)*)[.)]?\s+(?P<name>\S.*)$")
_POINT = re.compile(r"^\s*[-*•]\s+\**(?P<key>[^:*]{2,40})(?::\**|\*\*:)\s*(?P<value>\S.*)?$")
_LINE = re.compile(
    r"^\s*(?:[-*•]\s+|(?P<line>\d+[a-z]?)[.)]\s+)?\**(?P<name>[A-Z][^:|#*]{1,90}?)\**\s*(?::\**|\s[–—-])"
    r"\s+(?P<text>\S.{4,})$"
)
_LINK = re.compile(r"\[(?P<text>[^\]]+)\]\([^)]*\)")
_KNOWN = {"data_type", "format", "length", "allowed_values", "description", "requirement"}


@answers("planning.draft_attributes")
def draft_attributes(variables: dict) -> dict:
    text = variables["text"]
    drafted = _from_headings(text) or _from_table(text) or _from_lines(text)
    return {"attributes": drafted}


def _from_headings(text: str) -> list[dict]:
    """Each heading that is followed by points such as “- Data type: …”."""
    lines = text.split("\n")
    starts = [place for place, line in enumerate(lines) if _HEADING.match(line)] + [len(lines)]
    drafted = []
    for start, end in zip(starts, starts[1:], strict=False):
        said = _points(lines[start + 1 : end])
        if not said.keys() & _KNOWN:
            continue
        title = _LINK.sub(r"\g<text>", _HEADING.match(lines[start])["title"]).replace("\\", "")
        numbered = _NUMBER.match(title)
        name, line = (numbered["name"], numbered["line"]) if numbered else (title, "")
        passage = "\n".join(lines[start:end]).lstrip("# ")
        drafted.append(_attribute(name, line, said, _shortened(passage)))
    return drafted


def _points(lines: list[str]) -> dict[str, str]:
    said: dict[str, str] = {}
    for line in lines:
        point = _POINT.match(line)
        if not point:
            continue
        roles = [role for role, _ in role_scores(point["key"]) if role in _KNOWN]
        if roles:
            said.setdefault(roles[0], (point["value"] or "").strip())
    return said


def _from_table(text: str) -> list[dict]:
    """Rows of a Markdown table: the name first, then whatever tells its type."""
    drafted = []
    for line in text.split("\n"):
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        is_rule = all(set(cell) <= set("-: ") for cell in cells)
        if len(cells) < 2 or is_rule or not cells[0] or role_scores(cells[0])[:1]:
            continue
        said = {"data_type": cells[1], "allowed_values": cells[2] if len(cells) > 2 else ""}
        drafted.append(_attribute(cells[0], "", said, _shortened(line.strip())))
    return drafted


def _from_lines(text: str) -> list[dict]:
    """“Name: description” lines, for texts without headings."""
    drafted = []
    for line in text.split("\n"):
        found = _LINE.match(line)
        if found and len(found["name"].split()) <= 12:
            said = {"description": found["text"].strip()}
            name = found["name"].strip()
            passage = line[line.index(name) :]
            drafted.append(_attribute(name, found["line"] or "", said, _shortened(passage)))
    return drafted


def _attribute(name: str, line: str, said: dict[str, str], quote: str) -> dict:
    codes = parse_codes(said.get("allowed_values", ""))
    typed = resolve_type(
        format_text=said.get("format", ""),
        type_text=said.get("data_type", ""),
        length_text=said.get("length", ""),
        scale_text="",
        codes=codes,
    )
    parts = [said.get(role, "") for role in ("data_type", "format")]
    return {
        "name": folded(name),
        "line": line,
        "technical_name": "",
        "item_code": "",
        "format": folded(" / ".join(filter(None, parts))),
        "data_type": typed.data_type,
        "requirement": parse_requirement(said.get("requirement", "")),
        "description": folded(said.get("description", "")),
        "allowed_values": [{"code": code.code, "meaning": code.meaning} for code in codes],
        "quote": quote,
    }


def _shortened(passage: str) -> str:
    """The beginning of the passage, never cut within a word."""
    passage = passage.strip()
    if len(passage) <= QUOTE:
        return passage
    return passage[:QUOTE].rsplit(None, 1)[0]
