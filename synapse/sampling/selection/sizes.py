"""Sample sizes and upper limits of attribute sampling, exact: binomial or hypergeometric."""

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_HALF_EVEN, Decimal

import numpy
from scipy.stats import beta, binom, gamma, hypergeom

from synapse.sampling.selection.errors import SizeInvalid

LARGEST = 10_000
TENTH = Decimal("0.1")
HUNDREDTH = Decimal("0.01")
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
    sizes = numpy.arange(1, most + 1)
    allowed = numpy.array([_allowed(size, expected) for size in range(1, most + 1)])
    chances = _chances(allowed, sizes, tolerable, population)
    # A chance that equals the risk is not below it, however the last bit of a float falls.
    enough = numpy.flatnonzero((allowed < sizes) & (chances < risk * (1 - 1e-12)))
    if enough.size:
        return SampleSize(int(sizes[enough[0]]), int(allowed[enough[0]]))
    return SampleSize(population, 0) if population and population <= LARGEST else None


def upper_limit(records: int, deviations: int, confidence: int) -> Decimal:
    """The largest rate, in percent to one decimal, that the records still leave possible."""
    if not 0 <= deviations <= records or records < 1:
        raise SizeInvalid(reason="There are at most as many deviations as records, and a record.")
    if deviations == records:
        return Decimal("100.0")
    limit = beta.ppf(confidence / 100, deviations + 1, records - deviations)
    return (Decimal(str(limit)) * 100).quantize(TENTH, ROUND_HALF_EVEN)


def reliability_factor(confidence: int, errors: int) -> Decimal:
    """The Poisson factor of monetary-unit sampling to two decimals."""
    _check(confidence, Decimal(1), Decimal(0), None)
    if errors < 0:
        raise SizeInvalid(reason="There are 0 or more errors.")
    factor = gamma.ppf(confidence / 100, errors + 1)
    return Decimal(str(factor)).quantize(HUNDREDTH, ROUND_HALF_EVEN)


def _allowed(size: int, expected: Decimal) -> int:
    return int((expected * size / 100).to_integral_value(ROUND_CEILING))


def _chances(allowed, sizes, tolerable: Decimal, population: int | None):
    """How likely so few deviations are in samples of each size at the tolerable rate."""
    if population is None:
        return binom.cdf(allowed, sizes, float(tolerable / 100))
    deviating = int((tolerable * population / 100).to_integral_value(ROUND_CEILING))
    return hypergeom.cdf(allowed, population, deviating, sizes)


def _check(confidence, tolerable, expected, population) -> None:
    if confidence not in CONFIDENCES:
        raise SizeInvalid(reason="Confidence is 90, 95 or 99 percent.")
    if not 0 < tolerable < 100:
        raise SizeInvalid(reason="The tolerable rate is more than 0 and less than 100 percent.")
    if not 0 <= expected < 100:
        raise SizeInvalid(reason="The expected rate is 0 or more and less than 100 percent.")
    if population is not None and population < 1:
        raise SizeInvalid(reason="A population has at least one record.")
