"""Scores and advice, worked out by hand."""

import pytest

from synapse.scoping.scoring import Advice, Candidate, Components, Policy, score_of


def components(*four):
    return Components(*four)


@pytest.mark.parametrize(
    ("four", "is_cde", "has_open_issue", "quality", "expected"),
    [
        ((1, 1, 1, 1), False, False, None, 4),  # the least: 4 of 100
        ((15, 15, 15, 15), False, False, None, 60),  # the most without a flag
        ((15, 15, 15, 15), True, True, None, 100),  # all that can be reached
        ((12, 11, 13, 10), False, True, None, 66),  # 46 + 20
        ((12, 11, 13, 10), True, False, None, 66),  # the flags weigh the same
        ((15, 15, 15, 15), True, True, 0, 100),  # 110 of 110
        ((15, 15, 15, 15), True, True, 100, 91),  # 100 of 110 = 90.9
        ((12, 11, 13, 10), False, True, 45, 65),  # 66 + 5.5 = 71.5 of 110 = 65.0
        ((1, 1, 1, 1), False, False, 100, 4),  # 4 of 110 = 3.6
        ((2, 1, 2, 1), False, False, 95, 6),  # 6.5 of 110 = 5.9
        ((10, 10, 10, 3), False, False, 100, 30),  # 33 of 110 = 30.0
    ],
)
def test_score_by_hand(four, is_cde, has_open_issue, quality, expected):
    assert (
        score_of(components(*four), is_cde=is_cde, has_open_issue=has_open_issue, quality=quality)
        == expected
    )


def test_halves_are_rounded_up():
    # 11 + (100 - 100) / 10 = 11 of 110 = 10; 10 + 0.45 of 110 can't be; 5.5 of 110 = 5.0
    assert score_of(components(1, 1, 1, 1), is_cde=False, has_open_issue=False, quality=85) == 5
    # 4 + 2.05 is not possible in whole quality; 4 + 2.0 = 6.0 of 110 = 5.45
    assert score_of(components(1, 1, 1, 1), is_cde=False, has_open_issue=False, quality=80) == 5
    # 4 + 2.1 = 6.1 of 110 = 5.545
    assert score_of(components(1, 1, 1, 1), is_cde=False, has_open_issue=False, quality=79) == 6


@pytest.mark.parametrize("value", [0, 16, -3, 7.0, "7", True, None])
def test_a_component_outside_1_to_15_is_no_component(value):
    with pytest.raises(ValueError, match="data_complexity"):
        components(5, value, 5, 5)


@pytest.mark.parametrize("quality", [-1, 101])
def test_data_quality_is_a_percentage(quality):
    with pytest.raises(ValueError, match="data quality"):
        score_of(components(5, 5, 5, 5), is_cde=False, has_open_issue=False, quality=quality)


def candidate(key, score, **flags):
    return Candidate(key=key, position=key, score=score, **flags)


def test_each_reason_of_the_policy():
    advice = Policy(threshold=50, top_n=1).advise(
        [
            candidate(1, 20, is_cde=True),
            candidate(2, 21, has_open_issue=True),
            candidate(3, 62),
            candidate(4, 50),
            candidate(5, 49),
            candidate(6, 90, is_cde=True, has_open_issue=True),
        ]
    )
    assert advice == {
        1: Advice(True, "CDE"),
        2: Advice(True, "open historical issue"),
        3: Advice(True, "score 62 >= 50"),
        4: Advice(True, "score 50 >= 50"),
        5: Advice(False, "score 49 < 50"),
        6: Advice(True, "CDE, open historical issue, score 90 >= 50"),
    }


def test_the_highest_are_in_scope_under_any_threshold():
    advice = Policy(threshold=100, top_n=2).advise([candidate(k, 10 + k) for k in range(1, 6)])
    assert [key for key, each in advice.items() if each.recommended] == [4, 5]
    assert advice[5].reason == "among the 2 highest"
    assert advice[3] == Advice(False, "score 13 < 100")


def test_of_equal_scores_the_earlier_position_is_higher_in_any_order_of_input():
    same = [candidate(key, 30) for key in range(1, 8)]
    for given in (same, same[::-1], same[3:] + same[:3]):
        advice = Policy(top_n=3).advise(given)
        assert sorted(key for key, each in advice.items() if each.recommended) == [1, 2, 3]


def test_flagged_attributes_count_among_the_highest():
    advice = Policy(threshold=99, top_n=1).advise([candidate(1, 80, is_cde=True), candidate(2, 40)])
    assert advice[2] == Advice(False, "score 40 < 99")


def test_without_a_score_only_a_flag_gives_advice():
    advice = Policy().advise([candidate(1, None), candidate(2, None, is_cde=True)])
    assert advice == {1: Advice(None, ""), 2: Advice(True, "CDE")}


def test_no_top_n_and_no_candidates():
    assert Policy(top_n=0).advise([candidate(1, 10)])[1].recommended is False
    assert Policy().advise([]) == {}
