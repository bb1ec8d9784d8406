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


@dataclass(frozen=True)
class Specification:
    """A text that defines fields, and the dictionary that says which.

    `defines` is the pattern of the line on which the field of a number begins. `requires`: whether
    the text tells which fields are mandatory.
    """

    name: str
    text: str
    dictionary: str
    scope: str
    defines: str
    requires: bool


SPECIFICATIONS = {
    "fr_y14m_d1": Specification(
        name="FR Y-14M D.1",
        text="fr_y14m/spec/fr_y14m_D1_instructions_text.txt",
        dictionary="D.1",
        scope="fr_y_14m/d_1",
        # “7 Credit Card CreditCardType M050 Report … D Mandatory N1”: a row of the table begins.
        defines=r"(?m)^{line} .*\b(?:Mandatory|Optional)\b",
        requires=True,
    ),
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
    found = re.search(specification.defines.format(line=re.escape(expected.line)), text)
    if found is None:
        raise ValueError(f"{specification.name} has no line that defines field {expected.line}")
    return {
        "name": expected.name,
        "line_number": text.count("\n", 0, found.start()) + 1,
        "data_type": expected.data_type,
        "requirement": expected.requirement if specification.requires else "",
        "allowed_values": None if expected.codes is None else list(expected.codes),
    }
