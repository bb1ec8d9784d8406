"""Drafted names are joined with the dictionary's; a name that it lacks is told to the tester."""

import pytest

from synapse.planning.joining import Joined, join, known_fields
from synapse.planning.models import Attribute
from synapse.planning.services.dictionaries import dictionary_of
from synapse.planning.services.importing import import_dictionary
from tests.factories.cycles import make_phase
from tests.factories.planning import make_plan
from tests.planning.drafted import SPECIFICATION, draft

DICTIONARY = "Line,Name,Technical name,Format\n1,Loan Number,LoanNo,C18\n2,Loan Types,LoanTp,N1\n"


@pytest.fixture
def specification(upload):
    return upload(SPECIFICATION, "loans.md", "specification")


FIELDS = known_fields(Attribute.objects.none(), [Attribute(name="Cycle Ending Balance",
    technical_name="CycleEndingBalance", item_code="M058")])  # fmt: skip


@pytest.mark.parametrize(
    ("name", "technical", "joined"),
    [
        ("Cycle Ending Balance", "", ("found", "Cycle Ending Balance")),
        ("CYCLE  ending\nbalance", "", ("found", "Cycle Ending Balance")),
        ("cycle_ending_balance", "", ("found", "Cycle Ending Balance")),
        ("CycleEndingBalance", "", ("found", "Cycle Ending Balance")),
        ("Ending", "CycleEndingBalance", ("found", "Cycle Ending Balance")),
        ("Cycle Ending Balances", "", ("alike", "Cycle Ending Balance")),
        ("Balance", "", ("absent", "")),
    ],
)
def test_names_are_joined_whatever_their_case_and_space(name, technical, joined):
    assert join([(name, technical)], FIELDS) == [Joined(*joined)]


def test_without_a_dictionary_nothing_is_said():
    assert join([("Balance", ""), ("Rate", "")], ()) == [Joined(), Joined()]


def test_a_name_stands_for_the_first_of_its_sources():
    first, second = Attribute(name="Rate", line="1"), Attribute(name="RATE ", line="2")
    (known,) = known_fields([first], [second])
    assert known.line == "1"


@pytest.mark.django_db(transaction=True)
def test_drafted_names_are_held_against_an_uploaded_dictionary(
    empty_plan, specification, upload, tester, simulator
):
    upload(DICTIONARY)
    draft(empty_plan, specification, tester)
    told = empty_plan.items().values_list("name", "dictionary_match", "dictionary_field")
    assert list(told) == [
        ("Loan Number", "found", "Loan Number"),
        ("Loan Type", "alike", "Loan Types"),
        ("Closing Date", "absent", ""),
    ]


@pytest.mark.django_db(transaction=True)
def test_what_the_plan_has_by_its_technical_name_is_not_drafted_again(
    empty_plan, upload, tester, simulator
):
    dictionary = upload(DICTIONARY.replace("LoanTp", "LoanType"))
    import_dictionary(plan=empty_plan, document=dictionary, actor=tester)
    text = SPECIFICATION.replace("Loan Type", "Loan_Type")
    draft(empty_plan, upload(text, "loans.md", "specification"), tester)
    reasons = dict(empty_plan.rejected_drafts.values_list("name", "reason"))
    assert reasons == {
        "Loan Number": "the plan already has this name",
        "Loan_Type": "the plan already has it, as “Loan Types”",
    }
    assert empty_plan.rejected_drafts.exclude(llm_call_id=None).count() == 2


@pytest.mark.django_db(transaction=True)
def test_an_import_after_drafting_joins_and_takes_the_place_of_what_was_drafted(
    empty_plan, specification, upload, tester, simulator
):
    simulator.script("wrong_quotes")
    draft(empty_plan, specification, tester)
    result = import_dictionary(
        plan=empty_plan,
        document=upload(DICTIONARY.replace("Loan Types", "LOAN type")),
        actor=tester,
    )
    assert result.counts == {"added": 0, "changed": 2, "unchanged": 0, "absent": 1}
    kind = empty_plan.attributes.get(line="2")
    assert (kind.name, kind.source, kind.quote, kind.support) == (
        "LOAN type", "dictionary", "", "supported",
    )  # fmt: skip
    assert (kind.llm_call_id, kind.dictionary_match, kind.quote_place) == (None, "", "row 3")
    closing = empty_plan.attributes.get(name="Closing Date")
    assert (closing.source, closing.support) == ("model", "unsupported")
    assert closing.dictionary_match == "absent"


@pytest.mark.django_db
def test_a_drafted_technical_name_is_the_dictionary_s_field(empty_plan, upload, tester):
    Attribute.objects.create(
        version=empty_plan, position=1, name="LoanNo", source="model", quote="LoanNo"
    )
    result = import_dictionary(plan=empty_plan, document=upload(DICTIONARY), actor=tester)
    assert result.counts == {"added": 1, "changed": 1, "unchanged": 0, "absent": 0}
    assert empty_plan.attributes.get(line="1").name == "Loan Number"


@pytest.mark.django_db
def test_the_built_in_dictionary_serves_its_own_report_alone():
    other = make_plan(phase=make_phase("planning"), fields=())
    assert dictionary_of(other) == ()
    report = other.cycle_report.report
    report.number, report.schedule = "FR Y-14M", "Schedule D.1"
    report.save()
    names = {each.name for each in dictionary_of(type(other).objects.get(pk=other.pk))}
    assert len(names) == 118
    assert "Cycle Ending Balance" in names


@pytest.mark.django_db
def test_a_dictionary_that_needs_choices_to_be_read_counts_once_imported(empty_plan, upload):
    upload("Schedule,Name,Format\nA.1,Rate,N5\nB.1,Rate,N5\n")
    assert dictionary_of(empty_plan) == ()
