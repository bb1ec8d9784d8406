"""What a selection knows of the scope, the rules and the profile, apart from any database."""

from collections.abc import Mapping
from dataclasses import dataclass, field

SEVERITIES = ("low", "medium", "high", "critical")


@dataclass(frozen=True)
class ScopedAttribute:
    """An attribute in scope and where its values stand in a part.

    `number` and `date` are the typed companions of `column` ("" without one); `codes` are the
    values the plan lists; `minimum` and `maximum` are limits stated for it, numbers as text or
    dates as YYYYMMDD; `risk` is the score the scope gave it.
    """

    column: str
    label: str
    risk: int | None = None
    data_type: str = "string"
    number: str = ""
    date: str = ""
    codes: tuple[str, ...] = ()
    mandatory: bool = False
    is_key: bool = False
    minimum: str = ""
    maximum: str = ""
    length: int | None = None

    @property
    def weight(self) -> int:
        """Without a score the kinds of reasons alone rank."""
        return 1 if self.risk is None else self.risk


@dataclass(frozen=True)
class RunRule:
    """A rule that was run over the population; its failures stand in the profile's files."""

    rule_id: str
    kind: str
    severity: str
    attributes: tuple[str, ...]
    sentence: str = ""


@dataclass(frozen=True)
class Quantiles:
    """Exact quantiles of an attribute as its profile has them, numbers or ISO dates as text."""

    p01: str
    p25: str
    p75: str
    p99: str


@dataclass(frozen=True)
class Context:
    """All that is fixed before the options: one population, one scope, one profile or none."""

    population_hash: str
    attributes: tuple[ScopedAttribute, ...]
    key_columns: tuple[str, ...] = ()
    rules: tuple[RunRule, ...] = ()
    quantiles: Mapping[str, Quantiles] = field(default_factory=dict)

    @property
    def tested(self) -> tuple[ScopedAttribute, ...]:
        """The attributes to exercise; keys only identify."""
        return tuple(each for each in self.attributes if not each.is_key)
