"""Which column holds which attribute, and what is told where file and plan disagree."""

import pytest

from tests.profiling.population.reading import HEAD, LOANS, Field


def ids(done):
    return [column.attribute_id for column in done.columns]


def test_missing_key_and_columns_are_told_and_the_rest_is_read(taken):
    done = taken("Opened,Amount\n20240131,1\n20240201,2\n")
    assert ids(done) == [3, 2]
    assert done.match.missing == (1,)
    assert done.match.out_of_order == ("Opened", "Amount")


def test_a_column_of_another_type_than_planned_is_told_with_counts(taken):
    done = taken(HEAD + "L1,abc,20240101\nL2,,20240102\nL3,NA,20240103\nL4,x,2024-01-04\n")
    assert {column.name: column.unreadable for column in done.columns} == {
        "Loan ID": 0, "Amount": 2, "Opened": 1,
    }  # fmt: skip
    assert done.totals.notes == (
        "“Amount” is planned as decimal, but 2 of its 3 values can't be read so. Check its match "
        "to “Amount” and its format.",
    )


@pytest.mark.parametrize(
    "headings", ["LN_ID,AMT,OPN_DT", "loan id,amount,opened", "A01,A02,A03", "1,2,3",
                 "LoanId,AMOUNT,Opened ", "Line 1,Line 2,Line 3"],
)  # fmt: skip
def test_every_kind_of_name_finds_its_attribute(taken, headings):
    fields = [
        Field(pk, each.name, each.data_type, technical_name=short, item_code=code, line=str(pk))
        for each, pk, short, code in zip(
            LOANS, (1, 2, 3), ("LN_ID", "AMT", "OPN_DT"), ("A01", "A02", "A03"), strict=True
        )
    ]
    done = taken(f"{headings}\nL1,1,20240101\nL2,2,20240102\n", fields, given={"header": True})
    assert (ids(done), done.match.by) == ([1, 2, 3], "name")
    assert [column.name for column in done.columns] == ["LN_ID", "AMT", "OPN_DT"]


@pytest.mark.parametrize(
    ("row", "found", "extra", "missing"),
    [("L{0},{0},20240101", [1, 2, 3], (), ()), ("L{0},{0}", [1, 2], (), (3,)),
     ("L{0},{0},20240101,x", [1, 2, 3, None], ("Field 4",), ())],
)  # fmt: skip
def test_without_headings_the_dictionarys_order_counts(taken, row, found, extra, missing):
    done = taken("\n".join(row.format(n) for n in range(5)))
    assert (ids(done), done.match.by) == (found, "order")
    assert (done.match.extra, done.match.missing) == (extra, missing)
    told = [note for note in done.match.notes if "in the plan's order as far as both reach" in note]
    assert bool(told) == (len(found) != 3 or bool(missing))


@pytest.mark.parametrize("second", ["loan_id", "Loan ID", "LOAN ID"])
def test_two_columns_of_one_attribute_are_told_and_the_first_taken(taken, second):
    done = taken(f"Loan ID,Amount,{second}\nL1,1,X1\nL2,2,X2\n")
    assert ids(done) == [1, 2, None]
    claimed = done.reading.names[2]
    assert done.match.duplicates == (claimed,)
    assert done.match.notes == (
        f"The columns “Loan ID” and “{claimed}” both name the attribute “Loan ID”; “Loan ID” is "
        "taken. Choose the right one.",
    )


def test_two_columns_set_to_one_attribute_are_refused(refusal):
    refused = refusal(HEAD + "L1,1,20240101\n", chosen={1: 2, 2: 2})
    assert refused.code == "wrong_match"
    assert refused.message == "The columns “Loan ID” and “Amount” are set to the same attribute."


@pytest.mark.parametrize(
    ("chosen", "reason"),
    [({9: 1}, "There is no column 9: the file has 3."),
     ({1: 99}, "There is no attribute 99 in the plan.")],
)  # fmt: skip
def test_columns_and_attributes_that_are_not_there_are_refused(refusal, chosen, reason):
    refused = refusal(HEAD + "L1,1,20240101\n", chosen=chosen)
    assert (refused.code, refused.message) == ("wrong_match", reason)


def test_blank_headings_get_names_of_their_place(taken):
    done = taken("Loan ID,,Opened,\nL1,1,20240101,x\nL2,1,20240102,y\n")
    assert [column.name for column in done.columns] == ["Loan ID", "Field 2", "Opened", "Field 4"]
    assert (ids(done), done.match.missing) == ([1, None, 3, None], (2,))


def test_headings_that_name_nothing_are_told(taken):
    done = taken("alpha,beta\nx,1\ny,2\n", given={"header": True})
    assert ids(done) == [None, None]
    assert done.match.notes == (
        "No heading names an attribute of the plan; choose one for each column.",
    )


def test_a_heading_of_several_attributes_is_left_to_the_tester(taken):
    fields = [Field(4, "Balance", item_code="A1"), Field(5, "balance!", item_code="A2"), LOANS[0]]
    done = taken("Loan ID,BALANCE?\nL1,1\nL2,2\n", fields)
    assert done.match.notes == ("The heading “BALANCE?” may name 2 attributes; choose one.",)


def test_columns_named_like_ours_get_other_names(taken):
    done = taken("record_no,Amount#number,amount\n7,8,9\n1,2,3\n", ())
    names = [column.name for column in done.columns]
    assert names[0] == "record_no (2)"
    assert len({name.casefold() for name in names}) == 3
    assert done.sql("SELECT record_no FROM parts ORDER BY 1") == [(1,), (2,)]
