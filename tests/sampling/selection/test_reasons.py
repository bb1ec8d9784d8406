"""Which records have which reasons, and what is no reason."""

import dataclasses

import pytest

from synapse.sampling.selection import Options, RunRule
from synapse.sampling.selection.errors import (
    ColumnsMissing,
    NothingScoped,
    PopulationEmpty,
    RuleUnknown,
)
from tests.sampling.selection.populations import (
    BALANCE,
    KEY,
    NOTE,
    OPENED,
    STATE,
    Filed,
    plain,
    record,
)


def reasons(filed: Filed, folder, number: int) -> list[tuple[str, str]]:
    """The reasons of one record: it is named, so it is in the sample whatever it is."""
    key = filed.records[number - 1]["id"] or str(number)
    found = filed.draw(folder, Options(1, include=(key,)))
    (sample,) = found.samples
    return [(each.attribute, each.kind) for each in sample.reasons]


def changed(number: int, count: int = 400, **values: str) -> Filed:
    records = plain(count)
    records[number - 1] = record(number, **values)
    return Filed(records)


@pytest.mark.parametrize(
    ("values", "kinds"),
    [
        ({}, []),
        ({"balance": ""}, [("balance", "missing")]),
        ({"balance": " \t"}, [("balance", "missing")]),
        ({"balance": "12x"}, [("balance", "unreadable")]),
        ({"balance": "99999.00"}, [("balance", "outlier"), ("balance", "extreme")]),
        ({"balance": "-99999.00"}, [("balance", "outlier"), ("balance", "extreme")]),
        ({"state": "Z"}, [("state", "unlisted"), ("state", "rare")]),
        ({"state": "C"}, [("state", "rare")]),
        ({"opened": "19000101"}, [("opened", "sentinel")]),
        ({"opened": "20240131"}, [("opened", "extreme"), ("opened", "month_end")]),
        ({"opened": "20390112"}, [("opened", "outlier"), ("opened", "extreme")]),
        ({"opened": "20249999"}, [("opened", "unreadable")]),
        ({"note": "much longer than twelve"}, [("note", "too_long"), ("note", "rare")]),
    ],
)
def test_a_value_has_its_kinds_of_reasons(tmp_path, values, kinds):
    assert sorted(reasons(changed(200, **values), tmp_path, 200)) == sorted(kinds)


def test_limits_that_are_stated_are_met_and_passed(tmp_path):
    filed = changed(200, balance="2000.00")
    filed.records[200] = record(201, balance="2000.01")
    limited = dataclasses.replace(BALANCE, minimum="500", maximum="2000")
    filed.attributes = (KEY, limited, STATE, OPENED, NOTE)
    assert ("balance", "limit") in reasons(filed, tmp_path, 200)
    assert ("balance", "beyond_limit") in reasons(filed, tmp_path, 201)


def test_a_rule_judges_instead_of_our_own_check(tmp_path):
    filed = changed(200, balance="")
    filed.rules = (*filed.rules, RunRule("R3", "not_blank", "high", ("balance",), "is filled"))
    filed.failures = [(200, "R3")]
    assert reasons(filed, tmp_path, 200) == [("balance", "rule")]


def test_a_rule_gives_a_reason_for_each_scoped_attribute_it_is_about(tmp_path):
    filed = changed(200)
    filed.failures = [(200, "R1"), (200, "R1"), (200, "R2")]
    assert reasons(filed, tmp_path, 200) == [
        ("balance", "rule"),
        ("opened", "rule"),
        ("note", "rule"),
    ]


def test_what_many_records_share_is_no_reason_and_is_told(tmp_path):
    records = plain(400)
    for each in records[:150]:
        each["balance"] = ""
    filed = Filed(records)
    found = filed.draw(tmp_path, Options(10))
    assert found.report["unused"] == [
        "Balance: a blank is no reason, since 150 of 400 records have it."
    ]
    assert reasons(filed, tmp_path, 1) == []


def test_a_column_of_one_value_has_no_outlier_and_no_extreme(tmp_path):
    records = [record(number, balance="5.00") for number in range(1, 101)]
    records[50] = record(51, balance="6.00")
    assert ("balance", "outlier") not in reasons(Filed(records), tmp_path, 51)


def test_codes_among_numbers_are_not_measured(tmp_path):
    filed = changed(200, balance="99999.00")
    coded = dataclasses.replace(BALANCE, codes=("99999.00", "NA"))
    filed.attributes = (KEY, coded, STATE, OPENED, NOTE)
    assert reasons(filed, tmp_path, 200) == []


def test_ranks_are_risk_times_strength_summed(tmp_path):
    filed = changed(200)
    filed.failures = [(200, "R1"), (200, "R2")]
    (sample,) = filed.draw(tmp_path, Options(1, include=("K000200",))).samples
    assert sample.rank == 80 * 1 + 60 * 1 + 20 * sample.reasons[-1].strength
    assert str(sample.reasons[-1].strength) == "0.4"


def test_quotes_in_names_and_values_are_only_text(tmp_path):
    filed = changed(200, state="'; DROP TABLE record; --", id='it\'s|"odd"')
    filed.records[200]["id"] = 'it\'s|"odd"'
    found = filed.draw(tmp_path, Options(1, include=('it\'s|"odd"',)))
    assert "DROP TABLE" in found.samples[0].rationale


def test_columns_that_are_missing_are_named(tmp_path):
    filed = Filed(plain(20))
    filed.attributes = (KEY, dataclasses.replace(BALANCE, column="limit"), STATE)
    with pytest.raises(ColumnsMissing, match="'limit'"):
        filed.draw(tmp_path, Options(1))


def test_a_scope_of_keys_alone_is_refused(tmp_path):
    filed = Filed(plain(20), attributes=(KEY,))
    with pytest.raises(NothingScoped):
        filed.draw(tmp_path, Options(1))


def test_an_empty_population_is_refused(tmp_path):
    with pytest.raises(PopulationEmpty):
        Filed([]).draw(tmp_path, Options(1))


def test_a_failure_of_a_rule_nobody_knows_is_refused(tmp_path):
    with pytest.raises(RuleUnknown, match="R9"):
        Filed(plain(20), [(3, "R9")]).draw(tmp_path, Options(1))


def test_a_reason_by_a_rule_quotes_what_the_rule_says(tmp_path):
    filed = Filed(plain(400))
    filed.failures = [(200, "R2")]
    (sample,) = filed.draw(tmp_path, Options(1, include=("K000200",))).samples
    assert [reason.text for reason in sample.reasons] == [
        "Note fails rule R2 (low): “Note is in small letters”"
    ]
