"""Sample sizes and upper limits of attribute sampling, exact: binomial or hypergeometric."""

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_HALF_EVEN, Decimal

from scipy.stats import beta, binom, hypergeom

from synapse.sampling.selection.errors import SizeInvalid

LARGEST = 10_000
TENTH = Decimal("0.1")
CONFIDENCES = (90, 95, 99)


@dataclass(frozen=True)
class SampleSize:
    """How many records to test, and how many of them may deviate."""

    size: int
    allowed: int


def sample_size(
    confidence: int,
    tolerable: Decimal,
    expected: Decimal = Decimal(0),
    population: int | None = None,
) -> SampleSize | None:
    """The smallest n with P(X <= k | tolerable) < risk, k = ceil(expected x n); rates in percent.

    With a population, deviations are drawn from it without replacement. None if none is enough.
    """
    _check(confidence, tolerable, expected, population)
    risk = float(Decimal(100 - confidence) / 100)
    most = min(population or LARGEST, LARGEST)
    for size in range(1, most + 1):
        allowed = int((expected * size / 100).to_integral_value(ROUND_CEILING))
        if allowed < size and _chance(allowed, size, tolerable, population) < risk:
            return SampleSize(size, allowed)
    return SampleSize(population, 0) if population and population <= LARGEST else None


def upper_limit(records: int, deviations: int, confidence: int) -> Decimal:
    """The largest rate, in percent to one decimal, that the records still leave possible."""
    if not 0 <= deviations <= records or records < 1:
        raise SizeInvalid(reason="There are at most as many deviations as records, and a record.")
    if deviations == records:
        return Decimal("100.0")
    limit = beta.ppf(confidence / 100, deviations + 1, records - deviations)
    return (Decimal(str(limit)) * 100).quantize(TENTH, ROUND_HALF_EVEN)


def _chance(allowed: int, size: int, tolerable: Decimal, population: int | None) -> float:
    if population is None:
        return float(binom.cdf(allowed, size, float(tolerable / 100)))
    deviating = int((tolerable * population / 100).to_integral_value(ROUND_CEILING))
    return float(hypergeom.cdf(allowed, population, deviating, size))


def _check(confidence, tolerable, expected, population) -> None:
    if confidence not in CONFIDENCES:
        raise SizeInvalid(reason="Confidence is 90, 95 or 99 percent.")
    if not 0 < tolerable < 100:
        raise SizeInvalid(reason="The tolerable rate is more than 0 and less than 100 percent.")
    if not 0 <= expected < 100:
        raise SizeInvalid(reason="The expected rate is 0 or more and less than 100 percent.")
    if population is not None and population < 1:
        raise SizeInvalid(reason="A population has at least one record.")
