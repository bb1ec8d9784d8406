"""Sample sizes and limits against published tables, to the last digit."""

import time
from decimal import Decimal

import pytest

from synapse.sampling.selection.errors import SizeInvalid
from synapse.sampling.selection.sizes import reliability_factor, sample_size, upper_limit

TOLERABLE = (2, 3, 4, 5, 6, 8, 10, 15, 20)
SIZES = {
    (95, 0): "149(0) 99(0) 74(0) 59(0) 49(0) 36(0) 29(0) 19(0) 14(0)",
    (95, 1): "590(6) 257(3) 156(2) 93(1) 78(1) 58(1) 46(1) 30(1) 22(1)",
    (95, 2): "none 846(17) 294(6) 181(4) 127(3) 77(2) 46(1) 30(1) 22(1)",
    (90, 0): "114(0) 76(0) 57(0) 45(0) 38(0) 28(0) 22(0) 15(0) 11(0)",
    (90, 1): "398(4) 176(2) 96(1) 77(1) 64(1) 48(1) 38(1) 25(1) 18(1)",
}
LIMITS = {
    (95, 25): "11.3 17.6 23.1",
    (95, 45): "6.4 10.1 13.3",
    (95, 60): "4.9 7.7 10.1",
    (95, 100): "3.0 4.7 6.2",
    (95, 200): "1.5 2.3 3.1",
    (90, 25): "8.8 14.7 19.9",
    (90, 45): "5.0 8.4 11.4",
    (90, 60): "3.8 6.3 8.6",
}


@pytest.mark.parametrize(("confidence", "expected"), SIZES)
def test_size_and_allowed_deviations_agree_with_the_table(confidence, expected):
    found = []
    for tolerable in TOLERABLE:
        size = sample_size(confidence, Decimal(tolerable), Decimal(expected))
        found.append(f"{size.size}({size.allowed})" if size else "none")
    assert " ".join(found) == SIZES[confidence, expected]


@pytest.mark.parametrize(("confidence", "records"), LIMITS)
def test_upper_limit_agrees_with_the_table(confidence, records):
    found = [str(upper_limit(records, deviations, confidence)) for deviations in range(3)]
    assert " ".join(found) == LIMITS[confidence, records]


@pytest.mark.parametrize(
    ("population", "size"),
    [(20, 20), (50, 31), (100, 45), (250, 51), (500, 56), (1_000, 57), (10_000, 59)],
)
def test_a_small_population_needs_fewer(population, size):
    assert sample_size(95, Decimal(5), population=population).size == size


def test_factors_of_monetary_units_agree_with_the_table():
    found = {
        confidence: [str(reliability_factor(confidence, errors)) for errors in range(4)]
        for confidence in (95, 90)
    }
    assert found == {95: ["3.00", "4.74", "6.30", "7.75"], 90: ["2.30", "3.89", "5.32", "6.68"]}


def test_no_answer_is_found_without_a_wait():
    start = time.perf_counter()
    assert sample_size(99, Decimal(2), Decimal(2)) is None
    print(f"{time.perf_counter() - start:.3f} s")


def test_a_sample_of_deviations_alone_proves_nothing():
    assert upper_limit(3, 3, 95) == Decimal("100.0")


@pytest.mark.parametrize(
    "ask",
    [
        lambda: sample_size(80, Decimal(5)),
        lambda: sample_size(95, Decimal(0)),
        lambda: sample_size(95, Decimal(5), Decimal(-1)),
        lambda: sample_size(95, Decimal(5), population=0),
        lambda: upper_limit(0, 0, 95),
        lambda: upper_limit(5, 6, 95),
        lambda: reliability_factor(95, -1),
    ],
)
def test_figures_without_an_answer_are_refused(ask):
    with pytest.raises(SizeInvalid):
        ask()
