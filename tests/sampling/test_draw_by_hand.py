"""What becomes of records added by hand when samples are drawn again."""

import pytest

from tests.factories.sampling import add_by_hand, draw_into, make_later_profile, make_population

pytestmark = pytest.mark.django_db


@pytest.fixture
def added(sample_set):
    drawn = {*sample_set.samples.values_list("record_no", flat=True)}
    number = next(number for number in range(1, 200) if number not in drawn)
    return add_by_hand(sample_set, record_no=number)


def test_a_record_that_is_drawn_as_well_stays_by_hand_and_is_told(sample_set, added):
    drawn = draw_into(sample_set, size=200, method="simple_random")
    assert drawn.samples.get(record_no=added.record_no).is_manual
    assert drawn.samples.count() == 200
    assert (
        "1 record drawn was in the sample already, added by hand: it stays so."
        in drawn.report["notes"]
    )


def test_a_record_of_another_population_falls_away_and_is_told(sample_set, added):
    """Its number and its values are those of a file that nobody samples any more."""
    later = make_population(sample_set.cycle_report, name="later.csv")
    make_later_profile(later, sample_set.profile.rule_set)
    drawn = draw_into(sample_set, size=1, seed=3, include_keys=["A00007"])
    assert drawn.population == later
    assert not drawn.samples.filter(selection="manual").exists()
    [told] = drawn.report["dropped"]
    assert told == {
        "record_no": added.record_no, "key": added.key, "decision": "added by hand",
        "reason": "A case that is known.",
    }  # fmt: skip
