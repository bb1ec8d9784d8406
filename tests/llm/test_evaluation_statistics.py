"""Intervals and chances are those of the books, held against SciPy's."""

import random

import pytest
from scipy.stats import binomtest

from llm.evaluation.statistics import Share, chance

ALWAYS = True


@pytest.mark.parametrize(("right", "count"), [(0, 1), (0, 118), (7, 9), (93, 110), (118, 118)])
def test_the_interval_is_wilson_s(right, count):
    low, high = Share(right, count).interval
    expected = binomtest(right, count).proportion_ci(0.95, method="wilson")
    assert (low, high) == pytest.approx((expected.low, expected.high), abs=1e-12)


def test_nothing_has_no_share():
    assert (Share(0, 0).value, Share(0, 0).interval) == (None, None)


def pairs(*right: bool):
    return [(ALWAYS, each) for each in right]


@pytest.mark.parametrize(("lost", "won"), [(0, 0), (1, 0), (5, 0), (6, 0), (7, 2), (13, 0)])
def test_where_all_things_count_it_is_mcnemar_s_exact_test(lost, won):
    same = [True] * 20
    first = pairs(*same, *[True] * lost, *[False] * won)
    second = pairs(*same, *[False] * lost, *[True] * won)
    expected = binomtest(lost, lost + won).pvalue if lost + won else 1.0
    assert chance(first, second) == pytest.approx(expected)


def test_with_many_differences_it_is_close_to_the_exact_test():
    first, second = pairs(*[True] * 40, *[False] * 22), pairs(*[False] * 40, *[True] * 22)
    assert chance(first, second) == pytest.approx(binomtest(22, 62).pvalue, abs=0.01)
    assert chance(first, second) == chance(first, second)


def test_shares_of_different_counts_are_compared_as_shares():
    # 30 of 30 right, or the same 30 and 30 more that are wrong.
    first = [(True, True)] * 30 + [(False, False)] * 30
    second = [(True, True)] * 30 + [(True, False)] * 30
    assert chance(first, second) < 0.001
    # Ten more, nine of them right, is no loss that chance could not have made.
    first = [(True, True)] * 30 + [(False, False)] * 10
    second = [(True, True)] * 39 + [(True, False)]
    assert chance(first, second) > 0.5
    assert chance([(False, False)], [(True, True)]) is None


def test_of_two_alike_one_in_twenty_is_called_different():
    numbers = random.Random(7)
    found = 0
    for _ in range(400):
        first, second = (pairs(*(numbers.random() < 0.7 for _ in range(60))) for _ in range(2))
        found += chance(first, second) < 0.05
    assert found <= 30
