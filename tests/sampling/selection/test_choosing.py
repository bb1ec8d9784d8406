"""What is chosen: cover, mix, precedence, keys once, and shortfalls that are told."""

import dataclasses
from collections import Counter

import pytest

from synapse.sampling.selection import Options, RunRule, rows_of
from synapse.sampling.selection.errors import KeysUnknown, SizeOverPopulation
from tests.sampling.selection.populations import (
    BALANCE,
    KEY,
    NOTE,
    OPENED,
    RULES,
    Filed,
    plain,
    record,
)


def troubled(count: int = 1_000) -> Filed:
    filed = Filed(plain(count))
    filed.failures = [(number, "R1") for number in range(10, 60)]
    filed.failures += [(number, "R2") for number in range(100, 140)]
    for number in range(200, 203):
        filed.records[number]["opened"] = "20240131"
    filed.records[300]["state"] = "C"
    return filed


def categories(selection) -> Counter:
    return Counter(each.category for each in selection.samples)


def test_the_mix_is_honoured_and_nothing_is_relabelled(tmp_path):
    found = troubled().draw(tmp_path, Options(10, seed=4))
    assert categories(found) == {"anomaly": 5, "boundary": 2, "clean": 3}
    for each in found.samples:
        kinds = {reason.kind for reason in each.reasons}
        if each.category == "clean":
            assert not kinds
        else:
            is_anomaly = bool(kinds - {"limit", "extreme", "month_end"})
            assert is_anomaly == (each.category == "anomaly")


def test_every_attribute_with_a_reason_is_exercised(tmp_path):
    found = troubled().draw(tmp_path, Options(10, seed=4))
    assert all(found.report["coverage"].values())
    assert found.report["uncovered"] == []
    assert "C" in {reason.value for each in found.samples for reason in each.reasons}


def test_k_reasons_an_attribute_where_they_exist_else_it_is_told(tmp_path):
    found = troubled().draw(tmp_path, Options(30, per_attribute=3))
    coverage = found.report["coverage"]
    assert coverage["balance"] >= 3
    assert coverage["note"] >= 3
    (state,) = [row for row in found.report["uncovered"] if row["attribute"] == "state"]
    assert (state["wanted"], state["got"]) == (3, 1)
    assert state["why"] == "only 1 records give a reason to test it"


def test_the_highest_rank_fills_what_the_cover_leaves(tmp_path):
    filed = troubled()
    filed.failures += [(30, "R2")]
    found = filed.draw(tmp_path, Options(10))
    assert 30 in {each.record_no for each in found.samples}


def test_a_shortfall_is_told_with_its_why_and_never_filled(tmp_path):
    found = troubled().draw(tmp_path, Options(100))
    got = categories(found)
    row = found.report["categories"]["boundary"]
    assert got["boundary"] == row["found"] < row["asked"] == 20
    assert (got["anomaly"], got["clean"]) == (50, 30)
    (sentence,) = found.report["shortfalls"]
    short = 20 - row["found"]
    assert sentence.startswith(
        f"Asked 100, found {100 - short}: boundary short by {short} because only {row['found']} of "
        "the 1,000 records lie at a limit or extreme in scope and are no anomaly"
    )


def test_without_clean_records_none_is_made_up(tmp_path):
    filed = Filed(plain(50), [(number, "R1") for number in range(1, 51)])
    found = filed.draw(tmp_path, Options(10))
    assert categories(found) == {"anomaly": 5}
    assert any("clean short by 3 because none of the 50" in s for s in found.report["shortfalls"])


def test_a_key_counts_once_and_its_gravest_record_stands_for_it(tmp_path):
    filed = Filed(plain(200), [(150, "R1")])
    for number in (20, 90, 150):
        filed.records[number - 1]["id"] = "TWIN"
    found = filed.draw(tmp_path, Options(100), size=60)
    (twin,) = [each for each in found.samples if each.key == "TWIN"]
    assert (twin.record_no, twin.category) == (150, "anomaly")
    assert found.report["distinct_keys"] == 198


def test_one_value_in_many_records_does_not_make_them_one(tmp_path):
    filed = Filed(plain(100), [(number, "R1") for number in range(1, 21)])
    for each in filed.records[:20]:
        each["balance"] = "1234.00"
    assert categories(filed.draw(tmp_path, Options(20)))["anomaly"] == 10


def test_key_values_that_hold_the_separator_stay_apart(tmp_path):
    filed = Filed(plain(40), key_columns=("id", "note"))
    filed.attributes = (KEY, dataclasses.replace(NOTE, is_key=True), BALANCE, OPENED)
    filed.records[0] |= {"id": "a|b", "note": "c"}
    filed.records[1] |= {"id": "a", "note": "b|c"}
    assert filed.draw(tmp_path, Options(1)).report["distinct_keys"] == 40


def test_records_without_a_key_are_known_by_their_number(tmp_path):
    filed = Filed(plain(40), key_columns=())
    found = filed.draw(tmp_path, Options(5, include=("7",)))
    assert "7" in {each.key for each in found.samples}
    assert all(each.key == str(each.record_no) for each in found.samples)


def test_named_records_are_taken_as_what_they_are_and_excluded_ones_never(tmp_path):
    filed = troubled()
    gone = tuple(f"K{number:06}" for number in range(10, 50))
    options = Options(10, include=("K000503", "K000504"), exclude=gone)
    found = filed.draw(tmp_path, options)
    by_key = {each.key: each for each in found.samples}
    assert by_key["K000503"].category == "clean"
    assert by_key["K000503"].rationale.endswith("It was named by the tester.")
    assert not set(gone) & set(by_key)
    assert found.report["excluded"] == 40
    assert len(found.samples) == 10


def test_a_named_record_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(KeysUnknown, match="NOPE"):
        troubled().draw(tmp_path, Options(10, include=("NOPE",)))


def test_a_size_over_the_population_is_refused(tmp_path):
    with pytest.raises(SizeOverPopulation):
        Filed(plain(20)).draw(tmp_path, Options(21))


def test_a_record_that_fails_beside_the_scope_is_the_last_clean_one(tmp_path):
    filed = Filed(plain(30), [(number, "R2") for number in range(1, 29)])
    filed.attributes = (KEY, BALANCE)
    only_clean = {"clean": 100, "anomaly": 0, "boundary": 0}
    found = filed.draw(tmp_path, Options(1, **only_clean))
    assert found.samples[0].record_no in (29, 30)


def test_a_random_sample_states_its_limit_and_has_no_quota(tmp_path):
    found = troubled().draw(tmp_path, Options(25, method="simple_random"))
    assert len(found.samples) == 25
    assert found.report["categories"] == {}
    assert {row["confidence"]: row["percent"] for row in found.report["upper_limits"]} == {
        90: "8.8",
        95: "11.3",
        99: "16.8",
    }


def test_fewer_keys_than_asked_is_told_in_a_random_sample(tmp_path):
    filed = Filed([record(number, id="SAME") for number in range(1, 11)])
    found = filed.draw(tmp_path, Options(5, method="simple_random"))
    assert len(found.samples) == 1
    assert found.report["shortfalls"] == [
        "Asked 5, found 1: short by 4 because 10 records are left to draw from and records of one "
        "key count once."
    ]


def test_rows_are_read_as_they_stand(tmp_path):
    filed = Filed(plain(30))
    filed.records[4]["note"] = " x "
    parts = filed.parts(tmp_path, 7)
    found = rows_of(parts, [5, 29, 77], ["id", "note"])
    assert found == {
        5: {"id": "K000005", "note": " x "},
        29: {"id": "K000029", "note": "ordinary"},
    }
    assert rows_of(parts, [], ["id"]) == {}


def test_three_records_have_one_of_each(tmp_path):
    assert categories(troubled().draw(tmp_path, Options(3))) == {
        "anomaly": 1,
        "boundary": 1,
        "clean": 1,
    }


def test_keys_that_read_alike_are_told_apart(tmp_path):
    """A record without a key goes by its number, which may be the key of another."""
    filed = Filed(plain(20))
    filed.records[4]["id"] = " "
    filed.records[9]["id"] = "5"
    found = filed.draw(tmp_path, Options(20, method="simple_random"))
    keys = {each.record_no: each.key for each in found.samples}
    assert len(set(keys.values())) == 20
    assert {keys[5], keys[10]} in ({"5", "5 (record 5)"}, {"5", "5 (record 10)"})


def test_the_clean_ones_are_drawn_from_those_without_any_failure_while_there_are_any(tmp_path):
    filed = Filed(plain(40), rules=(*RULES, RunRule("R9", "regex", "low", ("elsewhere",))))
    filed.failures = [(number, "R9") for number in range(1, 31)]
    few = filed.draw(tmp_path, Options(5, clean=100, anomaly=0, boundary=0)).report["stratum"]
    assert (few["spotless"] < few["clean"], few["is_even"]) == (True, True)
    many = filed.draw(tmp_path, Options(15, clean=100, anomaly=0, boundary=0)).report["stratum"]
    assert (many["spotless"], many["is_even"]) == (few["spotless"], False)


def test_the_folder_of_a_file_says_nothing_of_its_records(tmp_path):
    folder = tmp_path / "state=Z"
    folder.mkdir()
    found = Filed(plain(40)).draw(folder, Options(5, seed=4))
    assert "Z" not in {reason.value for each in found.samples for reason in each.reasons}
