"""What the real dictionaries say, read without any code of ours: the other side of the count.

Plain csv and json, columns by their exact names, formats and code lists by small patterns written
for these very files and checked by hand. Used to measure the general reader, never by the product.
"""

import csv
import json
import re
from dataclasses import dataclass
from pathlib import Path

FILES = {
    "D.1": ("fr_y14m/dictionary/fr_y14m_D1.csv", 118),
    "A.1": ("fr_y14m/dictionary/fr_y14m_A1.csv", 117),
    "B.1": ("fr_y14m/dictionary/fr_y14m_B1.csv", 107),
    "C.1": ("fr_y14m/dictionary/fr_y14m_C1.csv", 13),
    "D.2": ("fr_y14m/dictionary/fr_y14m_D2.csv", 46),
    "HMDA LAR (CSV)": ("hmda/dictionary/hmda_lar_dictionary_2024.csv", 110),
    "HMDA LAR (JSON)": ("hmda/dictionary/hmda_lar_dictionary_2024.json", 110),
    "HMDA TS": ("hmda/dictionary/hmda_ts_dictionary.csv", 15),
}
REQUIREMENT = {"M": "mandatory", "C": "conditional", "O": "optional", "": "",
               "Mandatory": "mandatory", "Optional": "optional"}  # fmt: skip


@dataclass(frozen=True)
class Expected:
    """None means the file doesn't decide it, so it isn't counted."""

    name: str
    line: str
    technical_name: str
    data_type: str | None
    length: int | None
    scale: int | None
    requirement: str
    codes: tuple[str, ...] | None


def expected_fields(folder: Path, title: str) -> list[Expected]:
    path = folder / FILES[title][0]
    if path.suffix == ".json":
        records = [
            {key: str(value) for key, value in record.items()}
            for record in json.loads(path.read_text())
        ]
    else:
        with path.open(newline="", encoding="utf-8") as stream:
            records = list(csv.DictReader(stream))
    if title.startswith("HMDA"):
        return [_hmda(record) for record in records]
    return [_fr_y14m(record) for record in records if record["status"] == "active"]


def _fr_y14m(record: dict[str, str]) -> Expected:
    form = " ".join(record["format"].split())
    data_type, length, scale = _format(form)
    codes = _lines(record["allowed_values"] or record["description"])
    # “Numeric” leaves it open; a list of whole numbers decides it.
    if form == "Numeric" and codes and all(code.isdecimal() for code in codes):
        data_type = "integer"
    technical = re.sub(r"\s*\(PK\)", "", record["technical_line_item_name"])
    return Expected(
        name=" ".join(record["line_item_name"].split()),
        line=record["line_item_no"],
        technical_name=technical,
        data_type=data_type,
        length=length,
        scale=scale,
        requirement=REQUIREMENT[record["mandatory_or_optional"]],
        codes=codes,
    )


def _format(form: str) -> tuple[str | None, int | None, int | None]:
    squeezed = form.replace(" ", "")
    if found := re.fullmatch(r"N(\d+)\.(\d+)", squeezed):
        return "decimal", int(found[1]), int(found[2])
    if found := re.fullmatch(r"N(\d+)", squeezed):
        return "integer", int(found[1]), None
    if found := re.fullmatch(r"(?:C|Character\(|Text\()(\d+)\)?", squeezed):
        return "string", int(found[1]), None
    if "YYYYMM" in squeezed:
        return "date", 8 if "YYYYMMDD" in squeezed else 6, None
    if squeezed.lower() == "wholenumber":
        return "integer", None, None
    if found := re.match(r"Numeric,(?:upto|to)(\d)decimal", squeezed):
        return "decimal", None, int(found[1])
    if squeezed == "Numeric":
        return "decimal", None, None
    return None, None, None


def _lines(text: str) -> tuple[str, ...] | None:
    """Codes at the start of lines; None where the text is in no way clear by itself."""
    marks = re.findall(r"(?m)^\s*([A-Z0-9]{1,2})\s*(?:=|–|—|-|\.\s)\s*(?=\S)", text)
    if len(marks) > 1:
        return tuple(dict.fromkeys(marks)) if len(set(marks)) == len(marks) else None
    if len(re.findall(r"(?m)^\d{1,2} [A-Z]", text)) > 1 or re.search(r"\b\d\s*=|“\d”|\b1\. ", text):
        return None
    return ()


def _hmda(record: dict[str, str]) -> Expected:
    storage = record.get("width_or_storage", "")
    rule = record.get("format_rule", "")
    kinds = {"Integer": "integer", "Double": "decimal", "String": "string"}
    data_type = next((kind for word, kind in kinds.items() if word in storage), None)
    if "YYYYMMDD" in rule:
        data_type = "date"
    # "Width up to 100 characters / Integer or Blank" contradicts itself.
    if data_type == "integer" and "characters" in storage:
        data_type = None
    width = re.search(r"Width (?:is|up to) (\d+)", storage)
    values = record["valid_values"]
    pairs = re.split(r";\s*(?=[A-Za-z0-9]+ = )", values) if values else []
    return Expected(
        name=" ".join(record["field_name"].split()),
        line=record["field_no"],
        technical_name=record.get("short_name", ""),
        data_type=data_type,
        length=int(width[1]) if width else None,
        scale=None,
        requirement=REQUIREMENT[record.get("requirement", "")],
        codes=tuple(dict.fromkeys(pair.split(" = ")[0].strip() for pair in pairs)),
    )
