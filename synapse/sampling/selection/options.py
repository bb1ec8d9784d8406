"""What a tester asks of a selection, and whether it can be meant."""

from dataclasses import dataclass, field

from synapse.sampling.selection.errors import OptionsInvalid, SizeOverPopulation

RISK, SIMPLE_RANDOM = "risk", "simple_random"
METHODS = (RISK, SIMPLE_RANDOM)
CATEGORIES = ("anomaly", "boundary", "clean")
MIN_SIZE, MAX_SIZE = 1, 10_000
MAX_SEED = 2**63 - 1
MAX_PER_ATTRIBUTE = 100


@dataclass(frozen=True)
class Options:
    """The mix is in whole percents that sum to 100; keys are named by their values joined by |."""

    size: int
    clean: int = 30
    anomaly: int = 50
    boundary: int = 20
    seed: int = 0
    per_attribute: int = 1
    method: str = RISK
    include: tuple[str, ...] = field(default=())
    exclude: tuple[str, ...] = field(default=())

    @property
    def mix(self) -> dict[str, int]:
        return {category: getattr(self, category) for category in CATEGORIES}

    def check(self, population: int | None = None) -> None:
        """Refuses options that can't be meant, all at once, and a size over the population."""
        if faults := option_faults(self):
            reasons = "; ".join(fault["detail"] for fault in faults)
            raise OptionsInvalid(reasons=reasons, errors=faults)
        if population is not None and self.size > population:
            fault = _fault("size", "size_over_population", f"at most {population}")
            raise SizeOverPopulation(size=self.size, population=population, errors=[fault])


def option_faults(options: Options) -> list[dict[str, str]]:
    """Every fault as pointer, code and detail."""
    found = [
        *_whole("size", options.size, MIN_SIZE, MAX_SIZE),
        *_whole("seed", options.seed, 0, MAX_SEED),
        *_whole("per_attribute", options.per_attribute, 1, MAX_PER_ATTRIBUTE),
    ]
    if options.method not in METHODS:
        found.append(_fault("method", "not_a_choice", f"method is one of {', '.join(METHODS)}"))
    found += _mix_faults(options)
    # How many fit is asked only of a size that is one.
    return found or _key_faults(options)


def _mix_faults(options: Options) -> list[dict[str, str]]:
    shares = options.mix
    found = [fault for name, share in shares.items() for fault in _whole(name, share, 0, 100)]
    if not found and (total := sum(shares.values())) != 100:
        parts = ", ".join(f"{name} {share}" for name, share in shares.items())
        detail = f"the mix sums to {total}, not to 100 percent ({parts})"
        found.append(_fault("mix", "mix_not_100", detail))
    return found


def _key_faults(options: Options) -> list[dict[str, str]]:
    found = []
    if both := sorted(set(options.include) & set(options.exclude)):
        detail = f"{both[0]!r} is to be included and excluded at once"
        found.append(_fault("include", "included_and_excluded", detail))
    if len(set(options.include)) > options.size:
        detail = f"{len(set(options.include))} records to include don't fit in {options.size}"
        found.append(_fault("include", "too_many_included", detail))
    if options.include and options.method == SIMPLE_RANDOM:
        detail = "included keys would spoil a random sample; add them by hand afterwards"
        found.append(_fault("include", "not_random", detail))
    return found


def _whole(name: str, value: object, least: int, most: int) -> list[dict[str, str]]:
    if type(value) is int and least <= value <= most:
        return []
    detail = f"{name} is a whole number from {least} to {most}, not {value!r}"
    return [_fault(name, "not_in_range", detail)]


def _fault(name: str, code: str, detail: str) -> dict[str, str]:
    return {"pointer": f"/{name}", "code": code, "detail": detail}
