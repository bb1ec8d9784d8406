"""Options that can't be meant are refused, each named."""

import pytest

from synapse.sampling.selection import Options
from synapse.sampling.selection.errors import OptionsInvalid, SizeOverPopulation


@pytest.mark.parametrize(
    ("options", "pointer", "code"),
    [
        ({"size": 0}, "/size", "not_in_range"),
        ({"size": 10_001}, "/size", "not_in_range"),
        ({"size": "25"}, "/size", "not_in_range"),
        ({"size": True}, "/size", "not_in_range"),
        ({"seed": -1}, "/seed", "not_in_range"),
        ({"clean": 40}, "/mix", "mix_not_100"),
        ({"clean": 0.3, "anomaly": 0.5, "boundary": 0.2}, "/clean", "not_in_range"),
        ({"clean": -10, "anomaly": 90}, "/clean", "not_in_range"),
        ({"per_attribute": 0}, "/per_attribute", "not_in_range"),
        ({"method": "guess"}, "/method", "not_a_choice"),
        ({"include": ("A",), "exclude": ("A",)}, "/include", "included_and_excluded"),
        ({"size": 1, "include": ("A", "B")}, "/include", "too_many_included"),
        ({"method": "simple_random", "include": ("A",)}, "/include", "not_random"),
    ],
)
def test_an_option_at_fault_is_named(options, pointer, code):
    with pytest.raises(OptionsInvalid) as refused:
        Options(**({"size": 25} | options)).check()
    assert (pointer, code) in [(each["pointer"], each["code"]) for each in refused.value.errors]


def test_a_size_over_the_population_is_refused_with_the_most_there_is():
    with pytest.raises(SizeOverPopulation, match="population of 20 records"):
        Options(21).check(population=20)
    Options(20).check(population=20)
