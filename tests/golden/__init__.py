"""Golden files made from real specifications: what is known of each field, and where it stands.

The specifications are not part of the project, so neither are these files; `write` makes them.
"""

import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path

from tests.planning.expected_fields import Expected, expected_fields

OPERATION = "planning.draft_attributes"


# “7 Credit Card CreditCardType M050 Report …”: number, the name's beginning, an item code.
ROW = r"(?m)^{line} (?:{start}.*)?\b(?:[A-Z]{{1,2}}[0-9A-Z]{{2,3}}|\d{{4}})\b"


@dataclass(frozen=True)
class Specification:
    """A text that defines fields, and the dictionary that says which.

    `defines` is the pattern of the line on which the field of a number begins. `requires`: whether
    the text tells of each field if it is mandatory; None: of some only.
    """

    name: str
    text: str
    dictionary: str
    scope: str
    defines: str
    requires: bool | None


def _schedule(letter: str, requires: bool | None) -> Specification:
    plain = letter.replace(".", "")
    return Specification(
        name=f"FR Y-14M {letter}",
        text=f"fr_y14m/spec/fr_y14m_{plain}_instructions_text.txt",
        dictionary=letter,
        scope=f"fr_y_14m/{letter[0].lower()}_{letter[2]}",
        defines=ROW,
        requires=requires,
    )


SPECIFICATIONS = {
    "fr_y14m_a1": _schedule("A.1", None),
    "fr_y14m_b1": _schedule("B.1", None),
    "fr_y14m_c1": _schedule("C.1", None),
    "fr_y14m_d1": _schedule("D.1", True),
    "fr_y14m_d2": _schedule("D.2", True),
    "hmda_lar": Specification(
        name="HMDA LAR 2024",
        text="hmda/spec/hmda_lar_specification_for_llm.md",
        dictionary="HMDA LAR (CSV)",
        scope="hmda",
        defines=r"(?m)^## {line}\. ",
        requires=False,
    ),
}


def write(folder: Path, sample_data: Path, name: str, size: int = 0) -> Path:
    """The golden file of one of SPECIFICATIONS; `size`: characters of a case, 0 for the usual."""
    specification = SPECIFICATIONS[name]
    source = (sample_data / specification.text).resolve()
    text = source.read_text(encoding="utf-8")
    fields = [
        _field(each, text, specification)
        for each in expected_fields(sample_data, specification.dictionary)
    ]
    golden = {
        "operation": OPERATION,
        "name": f"{specification.name}, {size} characters a case" if size else specification.name,
        "source": {"path": str(source)},
        "sha256": hashlib.sha256(source.read_bytes()).hexdigest(),
        "scope": specification.scope,
        "size": size,
        "fields": fields,
    }
    path = folder / f"{name}.json"
    path.write_text(json.dumps(golden, ensure_ascii=False, indent=1), encoding="utf-8")
    return path


def _field(expected: Expected, text: str, specification: Specification) -> dict:
    pattern = specification.defines.format(
        line=re.escape(expected.line), start=re.escape(expected.name[:3].strip())
    )
    found = re.search(pattern, text)
    if found is None:
        raise ValueError(f"{specification.name} has no line that defines field {expected.line}")
    return {
        "name": expected.name,
        "line_number": text.count("\n", 0, found.start()) + 1,
        "data_type": expected.data_type,
        "requirement": _requirement(expected, specification.requires),
        "allowed_values": None if expected.codes is None else list(expected.codes),
    }


def _requirement(expected: Expected, requires: bool | None) -> str | None:
    if requires is None:
        return None
    return expected.requirement if requires else ""
