"""The rule sets that ship with the product, and how well one fits a plan."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from synapse.profiling import rulebook
from synapse.profiling.columns import Names
from synapse.profiling.rule_naming import renamed

FOLDER = Path(__file__).parent / "builtin"
LEAST_FIT = 80


@dataclass(frozen=True)
class BuiltinRules:
    """One shipped rule set as it is written, before a plan gives its columns their names."""

    name: str
    written: str
    left_out: tuple[dict[str, str], ...]
    rules: tuple[dict[str, Any], ...]

    @property
    def columns(self) -> list[str]:
        named = (column for data in self.rules for column in rulebook.columns_of(_rule(data)))
        return list(dict.fromkeys(named))


@dataclass(frozen=True)
class Fit:
    """A shipped rule set beside a plan: the plan's column for each it names."""

    builtin: BuiltinRules
    columns: dict[str, str]

    @property
    def percent(self) -> int:
        return len(self.columns) * 100 // len(self.builtin.columns)

    @property
    def is_offered(self) -> bool:
        return self.percent >= LEAST_FIT

    def _called(self, name: str) -> str:
        return self.columns[name]

    def rules(self) -> list[tuple[rulebook.Rule, bool]]:
        """Each rule whose columns the plan has, and whether it needs a condition to be run."""
        return [
            (renamed(_rule(data), self._called), bool(data.get("needs_condition")))
            for data in self.builtin.rules
            if {*rulebook.columns_of(_rule(data))} <= self.columns.keys()
        ]


@cache
def builtin_rules() -> tuple[BuiltinRules, ...]:
    return tuple(_read(path) for path in sorted(FOLDER.glob("*_rules.json")))


def best_fit(attributes: Iterable[Any]) -> Fit | None:
    """The shipped rule set that names most of the plan's attributes, if it names enough."""
    names = Names(list(attributes))
    fits = [_fit(builtin, names) for builtin in builtin_rules()]
    best = max(fits, key=lambda fit: fit.percent, default=None)
    return best if best and best.is_offered else None


def _fit(builtin: BuiltinRules, names: Names) -> Fit:
    found = {column: names.find(column) for column in builtin.columns}
    return Fit(
        builtin,
        {column: names.columns[ids[0]] for column, ids in found.items() if len(ids) == 1},
    )


def _read(path: Path) -> BuiltinRules:
    data = json.loads(path.read_text(encoding="utf-8"))
    return BuiltinRules(
        data["name"], data["written"], tuple(data["left_out"]), tuple(data["rules"])
    )


def _rule(data: dict[str, Any]) -> rulebook.Rule:
    own = {name: value for name, value in data.items() if name != "needs_condition"}
    return rulebook.Rule.from_dict(own)
