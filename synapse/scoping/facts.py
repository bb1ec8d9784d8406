"""What scoping knows of an attribute while it is judged: plain facts, apart from any database."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from llm.outgoing import masked

# Of longer ones only the beginning is sent: more helps no judgement and fills the request.
MOST_CODES = 40
LONGEST_DESCRIPTION = 1500
CUT = " [cut]"


@dataclass(frozen=True)
class AttributeFacts:
    """Names and metadata of one attribute; never a value of a customer's record."""

    id: str
    name: str
    technical_name: str = ""
    line: str = ""
    item_code: str = ""
    format: str = ""
    data_type: str = ""
    requirement: str = ""
    description: str = ""
    allowed_values: tuple[str, ...] = ()
    is_key: bool = False
    is_cde: bool = False
    has_open_issue: bool = False

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> "AttributeFacts":
        return cls(**{**data, "allowed_values": tuple(data.get("allowed_values", ()))})

    def as_dict(self) -> dict[str, Any]:
        return {**vars(self), "allowed_values": list(self.allowed_values)}

    @property
    def texts(self) -> dict[str, str]:
        """What can be quoted, by field, as it is sent, the most telling first; a code a line.

        The remarks that something was cut are ours, so they are no part of it.
        """
        return masked(
            {
                "description": self.description.removesuffix(CUT),
                "allowed_values": "\n".join(self.allowed_values[:MOST_CODES]),
                "format": self.format,
                "name": self.name,
            }
        )

    @property
    def fingerprint(self) -> str:
        """Changes when anything that was judged changes; two plans may agree on it."""
        judged = {name: value for name, value in self.as_dict().items() if name != "id"}
        text = json.dumps(judged, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()[:16]
