"""Quotas of a mix by largest remainder, and what small samples are owed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synapse.sampling.selection import Options
from synapse.sampling.selection.mix import make_room, quotas, shared_out


def seats(size: int, **mix: int) -> tuple[int, int, int]:
    found = quotas(Options(size, **mix))
    return found["clean"], found["anomaly"], found["boundary"]


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        (1, (0, 1, 0)),
        (2, (1, 1, 0)),
        (3, (1, 1, 1)),
        (4, (1, 2, 1)),
        (5, (1, 3, 1)),
        (10, (3, 5, 2)),
        (25, (7, 13, 5)),
        (500, (150, 250, 100)),
    ],
)
def test_the_default_mix_is_shared_out(size, expected):
    assert seats(size) == expected


def test_a_small_sample_has_one_of_each_kind_that_was_asked_for():
    assert seats(10, clean=96, anomaly=2, boundary=2) == (8, 1, 1)
    assert seats(10, clean=100, anomaly=0, boundary=0) == (10, 0, 0)
    assert seats(2, clean=96, anomaly=2, boundary=2) == (2, 0, 0)


def test_a_sample_with_clean_records_asked_for_has_one():
    assert seats(20, clean=1, anomaly=50, boundary=49) == (1, 10, 9)


@given(
    size=st.integers(1, 10_000),
    clean=st.integers(0, 100),
    anomaly=st.integers(0, 100),
)
def test_seats_always_sum_to_the_size_and_none_is_negative(size, clean, anomaly):
    anomaly = min(anomaly, 100 - clean)
    mix = {"clean": clean, "anomaly": anomaly, "boundary": 100 - clean - anomaly}
    found = quotas(Options(size, **mix))
    assert sum(found.values()) == size
    assert all(count >= 0 for count in found.values())
    assert all(count == 0 for name, count in found.items() if not mix[name])


@given(size=st.integers(1, 10_000), first=st.integers(0, 100))
def test_a_share_is_never_a_whole_seat_off(size, first):
    found = shared_out(size, {"a": first, "b": 100 - first})
    assert abs(100 * found["a"] - size * first) < 100


def test_named_records_take_seats_of_other_categories_where_their_own_has_too_few():
    before = {"anomaly": 5, "boundary": 2, "clean": 3}
    after = make_room(before, {"anomaly": 0, "boundary": 4, "clean": 0})
    assert after == {"anomaly": 3, "boundary": 4, "clean": 3}
