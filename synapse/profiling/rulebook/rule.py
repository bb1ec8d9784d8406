"""A rule as one immutable value, with its one canonical text."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from synapse.profiling.rulebook.shape import require_shape
from synapse.profiling.rulebook.vocabulary import WHOLE_FILE_KINDS


@dataclass(frozen=True)
class Rule:
    """One thing that must hold of a record, or of the whole file."""

    rule_id: str
    kind: str
    attributes: tuple[str, ...]
    parameters: Mapping[str, Any] = field(default_factory=dict)
    severity: str = "medium"
    source: str = "manual"
    enabled: bool = True
    description: str = ""
    remark: str = ""

    @classmethod
    def from_dict(cls, data: Any) -> "Rule":
        """The rule in plain data as JSON has it; raises `InvalidRule` pointing at each fault."""
        require_shape(data)
        return cls(**{**data, "attributes": tuple(data["attributes"])})

    @property
    def whole_file(self) -> bool:
        return self.kind in WHOLE_FILE_KINDS

    def to_dict(self) -> dict[str, Any]:
        return {
            "rule_id": self.rule_id,
            "kind": self.kind,
            "attributes": list(self.attributes),
            "parameters": dict(self.parameters),
            "severity": self.severity,
            "source": self.source,
            "enabled": self.enabled,
            "description": self.description,
            "remark": self.remark,
        }

    def canonical(self) -> str:
        """The same text for the same rule, whatever the order of its keys: what is hashed."""
        return canonical_json(self.to_dict())

    def with_(self, **changes: Any) -> "Rule":
        return replace(self, **changes)


def canonical_json(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
