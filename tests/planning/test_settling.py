"""What its source doesn't bear out waits for a person: a passage that is there, or a note."""

import pytest
from django.db import IntegrityError, transaction

from synapse.audit.models import Entry
from synapse.common.errors import Invalid, NotAllowed
from synapse.common.versions import content_hash, is_intact
from synapse.cycles.services import approval
from synapse.planning.content import Unsupported, canonical_items
from synapse.planning.errors import NothingToSettle, StaleAttribute, WrongDocument
from synapse.planning.models import Attribute
from synapse.planning.services.settling import settle_attribute
from tests.planning.drafted import SPECIFICATION

pytestmark = pytest.mark.django_db
FAULT = "the quote doesn't occur in the text"
NOTE = "The schedule's glossary defines it."


@pytest.fixture
def specification(upload):
    return upload(SPECIFICATION, "loans.md", "specification")


@pytest.fixture
def attribute(plan, specification):
    return Attribute.objects.create(
        version=plan,
        position=9,
        name="Loan Type",
        source="model",
        quote="Loan Type: what kind of loan it is",
        quote_line=9,
        support="unsupported",
        support_fault=FAULT,
        document=specification,
    )


def settle(attribute, actor, lock_version=1, **said):
    return settle_attribute(attribute=attribute, actor=actor, lock_version=lock_version, **said)


def test_a_plan_waits_for_every_unsupported_attribute(plan, attribute, tester, owner):
    with pytest.raises(Unsupported) as refused:
        approval.submit(version=plan, actor=tester)
    assert "unsupported and without a person's note: “Loan Type”" in refused.value.message
    (fault,) = refused.value.errors
    assert fault["pointer"] == f"/attributes/{attribute.pk}"
    assert FAULT in fault["detail"]
    settle(attribute, tester, note=NOTE)
    approved = approval.approve(version=approval.submit(version=plan, actor=tester), actor=owner)
    assert is_intact(approved)


def test_many_names_are_told_as_a_few_and_a_count(plan, attribute, tester):
    Attribute.objects.bulk_create(
        Attribute(
            version=plan, position=20, name=f"F{number}" * 60, source="model",
            support="unsupported", support_fault=FAULT,
        )
        for number in range(7)
    )  # fmt: skip
    with pytest.raises(Unsupported) as refused:
        approval.submit(version=plan, actor=tester)
    assert "and 3 more" in refused.value.message
    assert len(refused.value.message) < 700
    assert len(refused.value.errors) == 8


def test_a_note_settles_with_who_and_when_and_is_sealed(plan, attribute, tester):
    before = content_hash(plan)
    settled = settle(attribute, tester, note=f"  {NOTE} ")
    assert (settled.support, settled.support_note) == ("noted", NOTE)
    assert (settled.noted_by, settled.lock_version) == (tester, 2)
    assert settled.noted_at
    assert settled.support_fault == FAULT
    entry = Entry.objects.get(action="attribute.settle")
    assert entry.actor == tester
    assert entry.before["support"] == "unsupported"
    assert entry.after == {"support": "noted", "support_note": NOTE}
    (row,) = [row for row in canonical_items(plan) if row["name"] == "Loan Type"]
    assert (row["support_note"], row["noted_by_id"]) == (NOTE, tester.pk)
    assert content_hash(plan) != before


def test_what_is_supported_is_sealed_as_it_always_was(plan):
    """So that what was approved before there were marks still has its hash."""
    for row in canonical_items(plan):
        assert not {"support", "support_note", "quote_start", "quote_page"} & row.keys()


def test_a_passage_that_is_there_settles_with_its_place(plan, attribute, tester):
    settle(attribute, tester, note=NOTE)
    settled = settle(attribute, tester, 2, quote="Loan   Type\n- Data type: Numeric")
    assert (settled.support, settled.support_fault, settled.support_note) == ("supported", "", "")
    assert (settled.noted_by, settled.noted_at) == (None, None)
    assert settled.quote == "Loan Type\n- Data type: Numeric"
    assert SPECIFICATION[settled.quote_start :].startswith(settled.quote)
    assert (settled.quote_line, settled.quote_place) == (9, "2. Loan Type, line 9")
    entry = Entry.objects.filter(action="attribute.settle").first()
    assert entry.before["support_note"] == NOTE
    assert entry.after["document"] == "loans.md"


def test_a_passage_may_be_of_another_text_of_the_report(attribute, tester, upload):
    other = upload("Annex\n\fLoan Type is the kind of loan.", "annex.txt", "specification")
    settled = settle(attribute, tester, quote="Loan Type is the kind", document=other)
    assert (settled.document, settled.quote_page) == (other, 2)
    assert settled.quote_place == "page 2, line 2"


@pytest.mark.parametrize(
    ("said", "pointer"),
    [
        ({}, "/note"),
        ({"note": "  "}, "/note"),
        ({"note": "x" * 2_001}, "/note"),
        ({"quote": "Loan Type is the kind"}, "/quote"),
        ({"quote": "Loa"}, "/quote"),
        ({"quote": "x" * 2_001}, "/quote"),
    ],
)
def test_neither_passage_nor_note_settles_nothing(attribute, tester, said, pointer):
    with pytest.raises(Invalid) as refused:
        settle(attribute, tester, **said)
    assert refused.value.errors[0]["pointer"] == pointer
    attribute.refresh_from_db()
    assert attribute.support == "unsupported"


def test_documents_of_other_reports_or_kinds_bear_nothing_out(attribute, tester, upload):
    dictionary = upload("Name,Format\nLoan Type,N1\n")
    with pytest.raises(WrongDocument):
        settle(attribute, tester, quote="Loan Type", document=dictionary)
    dictionary.cycle_report_id += 1
    with pytest.raises(Invalid):
        settle(attribute, tester, quote="Loan Type", document=dictionary)


def test_only_the_tester_settles_and_only_what_was_read(attribute, tester, owner):
    with pytest.raises(NotAllowed):
        settle(attribute, owner, note=NOTE)
    settle(attribute, tester, note=NOTE)
    with pytest.raises(StaleAttribute) as stale:
        settle(attribute, tester, note="Another")
    assert "support note" in stale.value.message


def test_what_is_supported_needs_no_note(plan, tester):
    attribute = plan.attributes.first()
    with pytest.raises(NothingToSettle):
        settle(attribute, tester, note=NOTE)


def test_a_revision_takes_the_mark_and_the_note_over(plan, attribute, tester, owner):
    settle(attribute, tester, note=NOTE)
    approval.submit(version=plan, actor=tester)
    rejected = approval.reject(version=plan, actor=owner, reason="Look again")
    copy = approval.revise(version=rejected, actor=tester).attributes.get(name="Loan Type")
    attribute.refresh_from_db()
    kept = (
        "support", "support_fault", "support_note", "noted_by_id", "noted_at", "quote_line",
        "document_id", "dictionary_match",
    )  # fmt: skip
    assert [getattr(copy, name) for name in kept] == [getattr(attribute, name) for name in kept]


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"support": "supported", "support_fault": "", "quote": ""}, "planning_attribute_quoted"),
        ({"support_fault": ""}, "planning_attribute_fault"),
        ({"support": "noted"}, "planning_attribute_noted"),
        ({"support_note": "by nobody"}, "planning_attribute_noted"),
    ],
)
def test_the_database_refuses_half_a_mark(attribute, change, constraint):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Attribute.objects.filter(pk=attribute.pk).update(**change)
