"""Dictionaries taken into plans: all or nothing, again without doubles, never by others."""

import pytest
from django.db import IntegrityError, transaction

from jobs import AlreadyRunning
from jobs.testing import run_pending
from synapse.audit.models import Entry
from synapse.common.errors import NotAllowed
from synapse.cycles.errors import WrongState
from synapse.cycles.services import approval
from synapse.planning.errors import (
    DuplicateName,
    FileTooLarge,
    RaggedRows,
    UnknownFileType,
    WrongDocument,
)
from synapse.planning.models import Attribute, Document
from synapse.planning.services import importing
from synapse.planning.services.documents import content_of, take_document
from synapse.planning.services.importing import Choices, import_dictionary
from synapse.planning.tasks import is_large, start_import
from tests.factories.cycles import make_phase

DICTIONARY = """Line,Name,Technical name,MDRM,Format,M/O,Valid values,CDE
1,Loan Number,LoanNumber,M142,C18,M,,
2,Loan Type,LoanType,M143,N1,O,1 = Fixed; 2 = Variable,
3,Balance,Balance,M144,N12.2,C,,Y
4,Old Flag (Retired 2020),OldFlag,M145,N1,M,,
"""
pytestmark = pytest.mark.django_db


def test_fields_become_attributes(empty_plan, upload, tester):
    result = import_dictionary(plan=empty_plan, document=upload(DICTIONARY), actor=tester)
    assert result.counts == {"added": 3, "changed": 0, "unchanged": 0, "absent": 0}
    number, kind, balance = empty_plan.items()
    assert (number.name, number.is_key, number.key_order) == ("Loan Number", True, 1)
    assert (kind.data_type, kind.requirement) == ("integer", "optional")
    assert kind.allowed_values[0] == {"code": "1", "meaning": "Fixed"}
    assert (balance.length, balance.scale, balance.is_cde) == (12, 2, True)
    assert balance.cde_source == "dictionary.csv, row 4"
    assert balance.quote_place == "row 4"
    entry = Entry.objects.get(action="plan.import")
    assert (entry.after["added"], entry.after["left_out"]) == (3, 1)


def test_the_same_file_again_changes_nothing(empty_plan, upload, tester):
    document = upload(DICTIONARY)
    import_dictionary(plan=empty_plan, document=document, actor=tester)
    again = import_dictionary(plan=empty_plan, document=upload(DICTIONARY), actor=tester)
    assert again.counts == {"added": 0, "changed": 0, "unchanged": 3, "absent": 0}
    assert empty_plan.attributes.count() == 3
    assert Document.objects.count() == 1


def test_a_newer_file_changes_what_differs_and_keeps_flags(empty_plan, upload, tester):
    import_dictionary(plan=empty_plan, document=upload(DICTIONARY), actor=tester)
    empty_plan.attributes.filter(name="Loan Type").update(is_cde=True)
    newer = DICTIONARY.replace("Loan Type,LoanType", "Kind of Loan,LoanType").replace(
        "N12.2", "N14.2"
    )
    result = import_dictionary(plan=empty_plan, document=upload(newer), actor=tester)
    assert result.counts == {"added": 0, "changed": 2, "unchanged": 1, "absent": 0}
    renamed = empty_plan.attributes.get(line="2")
    assert (renamed.name, renamed.is_cde, renamed.lock_version) == ("Kind of Loan", True, 2)


def test_the_tester_chooses_columns_and_keys(empty_plan, upload, tester):
    choices = Choices(mapping={"name": "Technical name", "format": "Format"}, keys=["Balance"])
    import_dictionary(plan=empty_plan, document=upload(DICTIONARY), actor=tester, choices=choices)
    keys = list(empty_plan.attributes.filter(is_key=True).values_list("name", flat=True))
    assert keys == ["Balance"]


@pytest.mark.parametrize(
    ("content", "error"),
    [
        ("Name,Format,Notes\nA,C1\n", RaggedRows),
        ("Name,Format\nA,C1\na,C1\n", DuplicateName),
    ],
)
def test_what_can_t_be_read_leaves_nothing_behind(empty_plan, upload, uploads, content, error):
    with pytest.raises(error):
        upload(content)
    assert not Document.objects.exists()
    assert not uploads.exists()
    assert not empty_plan.attributes.exists()


def test_nothing_is_half_written(empty_plan, upload, tester, monkeypatch):
    """A fault in the last step takes the rows of the first with it."""
    document = upload(DICTIONARY)
    monkeypatch.setattr(importing, "_mark_keys", lambda *args: 1 / 0)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        import_dictionary(plan=empty_plan, document=document, actor=tester)
    assert not empty_plan.attributes.exists()


def test_uploads_have_a_limit_and_a_kind(phase, tester, settings):
    settings.UPLOAD_MAX_MB = 1
    arguments = {"cycle_report": phase.cycle_report, "actor": tester, "kind": "dictionary"}
    with pytest.raises(FileTooLarge):
        take_document(name="big.csv", content=b"x" * (1 << 20) + b"x", **arguments)
    with pytest.raises(UnknownFileType):
        take_document(name="scan.pdf", content=b"%PDF-1.4", **arguments)


def test_a_name_from_outside_chooses_no_path(upload, uploads):
    document = upload(DICTIONARY, "../../etc/passwd\n<b>.csv")
    assert document.name == "passwd<b>.csv"
    assert document.file.name == f"planning/{document.cycle_report_id}/{document.sha256}.csv"
    assert content_of(document) == DICTIONARY.encode()


def test_only_the_tester_uploads_and_imports(empty_plan, upload, phase, owner):
    document = upload(DICTIONARY)
    with pytest.raises(NotAllowed):
        import_dictionary(plan=empty_plan, document=document, actor=owner)
    with pytest.raises(NotAllowed):
        take_document(
            cycle_report=phase.cycle_report,
            kind="dictionary",
            name="a.csv",
            content=DICTIONARY.encode(),
            actor=owner,
        )


def test_a_document_of_another_report_or_kind_is_refused(plan, upload, tester):
    other = make_phase("planning").cycle_report
    stranger = take_document(
        cycle_report=other,
        kind="dictionary",
        name="a.csv",
        content=DICTIONARY.encode(),
        actor=other.tester,
    )
    with pytest.raises(WrongDocument):
        import_dictionary(plan=plan, document=stranger, actor=tester)
    specification = upload("# Text\nName: what it is\n", "a.md", "specification")
    with pytest.raises(WrongDocument):
        import_dictionary(plan=plan, document=specification, actor=tester)


def test_a_submitted_plan_is_frozen_by_service_and_database(plan, upload, tester):
    document = upload(DICTIONARY)
    plan = approval.submit(version=plan, actor=tester)
    with pytest.raises(WrongState):
        import_dictionary(plan=plan, document=document, actor=tester)
    with pytest.raises(IntegrityError), transaction.atomic():
        Attribute.objects.create(version=plan, position=99, name="Smuggled in")
    with pytest.raises(IntegrityError), transaction.atomic():
        plan.attributes.update(is_cde=True)


def test_documents_never_change(upload):
    document = upload(DICTIONARY)
    with pytest.raises(IntegrityError), transaction.atomic():
        Document.objects.filter(pk=document.pk).update(name="other.csv")


@pytest.mark.django_db(transaction=True)
def test_a_large_dictionary_is_imported_by_a_job(empty_plan, upload, tester):
    rows = "".join(f"{number},Field {number},N12.2,{'text ' * 60}\n" for number in range(1, 3801))
    document = upload("Line,Name,Format,Description\n" + rows)
    assert is_large(document)
    asked = {"plan": empty_plan, "document": document, "actor": tester}
    start_import(**asked, choices=Choices(keys=["Field 1"]))
    with pytest.raises(AlreadyRunning):
        start_import(**asked, choices=Choices())
    (job,) = run_pending()
    assert job.task == "planning.import_dictionary"
    assert (job.status, job.message) == ("succeeded", "Attributes: 3,800 added.")
    assert empty_plan.attributes.get(is_key=True).name == "Field 1"


def test_keys_chosen_anew_make_an_open_form_stale(plan, upload, tester):
    first = plan.attributes.filter(is_key=True).first()
    other = plan.attributes.filter(is_key=False).first()
    document = upload(f"Name\n{first.name}\n{other.name}\n")
    import_dictionary(
        plan=plan, document=document, actor=tester, choices=Choices(keys=[other.name])
    )
    now = plan.attributes.get(pk=first.pk)
    assert not now.is_key
    assert now.key_order is None
    assert now.lock_version > first.lock_version
    assert plan.attributes.get(pk=other.pk).key_order == 1
