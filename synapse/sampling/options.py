"""How a sample is to be drawn, and what is wrong with such a wish."""

import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from synapse.common.errors import Invalid
from synapse.sampling.states import Method

LARGEST = 10_000
# What every JSON reader keeps exactly.
LARGEST_SEED = 2**53 - 1
MOST_PER_ATTRIBUTE = 100
CONFIDENCES = (90, 95, 99)
DEFAULT_SIZE = 25
DEFAULT_MIX = (30, 50, 20)


def propose_seed() -> int:
    """A number that nobody chose; it is shown and stored, so that the draw can be repeated."""
    return secrets.randbelow(10**9)


@dataclass(frozen=True)
class DrawOptions:
    """All that decides a draw beside scope, population and profile."""

    method: str = Method.RISK
    size: int = DEFAULT_SIZE
    mix_clean: int = DEFAULT_MIX[0]
    mix_anomaly: int = DEFAULT_MIX[1]
    mix_boundary: int = DEFAULT_MIX[2]
    seed: int = field(default_factory=propose_seed)
    per_attribute: int = 1
    confidence: int = 95
    include_keys: list[str] = field(default_factory=list)
    exclude_keys: list[str] = field(default_factory=list)

    @classmethod
    def names(cls) -> list[str]:
        return [each.name for each in fields(cls)]

    def as_json(self) -> dict[str, Any]:
        return {name: _plain(value) for name, value in asdict(self).items()}

    @property
    def mix(self) -> Mapping[str, int]:
        return {
            "clean": self.mix_clean,
            "anomaly": self.mix_anomaly,
            "boundary": self.mix_boundary,
        }


def check(options: DrawOptions, *, records: int) -> None:
    """Raises Invalid naming every option that can't be, with what would do."""
    errors = [
        {"pointer": f"/{name}", "code": code, "detail": detail}
        for name, code, detail in _faults(options, records)
    ]
    if errors:
        reason = errors[0]["detail"]
        more = f" And {len(errors) - 1} more." if len(errors) > 1 else ""
        raise Invalid(reason=reason + more, errors=errors)


def _faults(options: DrawOptions, records: int):
    if options.method not in Method.values:
        yield "method", "unknown", f"There is no method {options.method}."
    if not 1 <= options.size <= LARGEST:
        yield "size", "range", f"A sample has 1 to {LARGEST:,} records, not {options.size}."
    elif options.size > records:
        yield (
            "size",
            "over_population",
            f"The population has {records:,} records; a sample of {options.size:,} can't be "
            "drawn from it.",
        )
    shares = options.mix
    for name, share in shares.items():
        if not 0 <= share <= 100:
            yield f"mix_{name}", "range", f"A share is 0 to 100 percent, not {share}."
    if sum(shares.values()) != 100:
        yield (
            "mix_clean",
            "sum",
            f"The three shares add up to {sum(shares.values())}; they have to add up to 100.",
        )
    if not 0 <= options.seed <= LARGEST_SEED:
        yield "seed", "range", f"A seed is 0 to {LARGEST_SEED}, not {options.seed}."
    if not 1 <= options.per_attribute <= MOST_PER_ATTRIBUTE:
        yield "per_attribute", "range", f"At least 1 and at most {MOST_PER_ATTRIBUTE} records."
    if options.confidence not in CONFIDENCES:
        yield "confidence", "unknown", "Confidence is 90, 95 or 99 percent."
    yield from _key_faults(options)


def _key_faults(options: DrawOptions):
    if len(set(options.include_keys)) > options.size:
        yield (
            "include_keys",
            "too_many",
            f"{len(set(options.include_keys))} records are asked for by key, more than the "
            f"sample's {options.size}.",
        )
    if options.include_keys and options.method == Method.SIMPLE_RANDOM:
        yield (
            "include_keys",
            "not_random",
            "Records asked for by key would spoil a random draw. Add them by hand afterwards.",
        )
    both = sorted(set(options.include_keys) & set(options.exclude_keys))
    if both:
        yield "exclude_keys", "both", f"{both[0]} is both asked for and left out."
    if len(options.exclude_keys) > LARGEST:
        yield "exclude_keys", "too_many", f"At most {LARGEST:,} keys can be left out."


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple | list) else value
