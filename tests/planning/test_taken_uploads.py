"""A specification as PDF or Word file: its text taken out by a job, drafted from and quoted."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from jobs.models import Job
from jobs.selectors import may_watch
from jobs.testing import run_pending
from synapse.planning.errors import TextNotTaken
from synapse.planning.models import Attribute, Document, TakenText
from synapse.planning.services import texts
from synapse.planning.services.sources import passage_of
from synapse.planning.taking import bounded
from synapse.planning.tasks import start_drafting, take_in
from tests.factories.accounts import make_tester
from tests.planning.files import docx, locked_pdf, paragraph, pdf, words
from tests.planning.test_api import API, client_of, upload_of

pytestmark = pytest.mark.django_db

FIELDS = """# Loans

## 1. Loan Number
- Data type: Character(32)
"""
KIND = "specification"


def drawn(*lines: str, more: str = "") -> str:
    """Lines of a page; one that begins with “# ” is set larger."""
    page = [
        words(line.removeprefix("# "), 20, 270 - 25 * place, size=16 if line[0] == "#" else 10)
        for place, line in enumerate(lines)
    ]
    return "\n".join([*page, more])


SPEC = pdf(
    drawn("# General", "What is said of all loans."),
    drawn("# 1. Loan Number", "- Data type: Character", more=words("Loan 9", 9, 9, more="3 Tr")),
    drawn("# 2. Loan Type", "- Data type: Numeric"),
)


@pytest.fixture
def as_tester(client, tester):
    client.force_login(tester)
    return client


@pytest.fixture
def api(tester):
    return client_of(tester)


@pytest.fixture
def take(phase, tester):
    def run(content=SPEC, name="loans.pdf"):
        return take_in(
            cycle_report=phase.cycle_report, kind=KIND, name=name, content=content, actor=tester
        )

    return run


@pytest.fixture
def page_of(as_tester, empty_plan):
    def get(document) -> str:
        address = reverse("planning:document_detail", args=[empty_plan.pk, document.pk])
        return " ".join(as_tester.get(address).content.decode().split())

    return get


def test_nothing_of_the_file_is_read_before_the_job(take, monkeypatch):
    monkeypatch.setattr(bounded, "take", lambda *args: pytest.fail("read in the request"))
    document, job = take()
    assert (job.task, job.queue, job.subject) == ("planning.take_text", "default", document)
    assert job.status == "queued"
    with pytest.raises(TextNotTaken):
        texts.text_of(document)


def test_the_text_is_taken_once_and_kept_for_good(take):
    document, _ = take()
    (job,) = run_pending()
    assert job.status == "succeeded", job.error_message
    assert job.message == "The text of 3 pages was taken out; 5 hidden characters left out."
    kept = TakenText.objects.get()
    assert (kept.document, kept.pages, kept.hidden) == (document, 3, 5)
    assert texts.text_of(document).split("\n\f\n")[2] == "# 2. Loan Type\n\n- Data type: Numeric"
    same, again = take()
    assert (same, again) == (document, None)
    with pytest.raises(IntegrityError), transaction.atomic():
        TakenText.objects.update(text="other")
    with pytest.raises(IntegrityError), transaction.atomic():
        TakenText.objects.all().delete()


def test_the_same_file_again_while_its_job_runs_gives_that_job(take):
    assert take() == take()
    assert Job.objects.count() == Document.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_quotes_stand_on_their_page(take, empty_plan, tester, simulator, as_tester):
    document, _ = take()
    run_pending()
    start_drafting(plan=empty_plan, document=document, actor=tester)
    run_pending()
    attributes = Attribute.objects.in_bulk(field_name="pk").values()
    assert {each.name: each.quote_page for each in attributes} == {"Loan Number": 2, "Loan Type": 3}
    for each in attributes:
        passage = passage_of(each)
        assert (passage.is_quote, passage.page) == (True, each.quote_page)
        address = reverse("planning:attribute_source", args=[empty_plan.pk, each.pk])
        assert f"on page {each.quote_page}" in as_tester.get(address).content.decode()


def test_the_document_s_page_goes_from_waiting_to_drafting(take, page_of, simulator):
    document, job = take()
    waiting = page_of(document)
    assert "The text is being taken out" in waiting
    assert f'data-job-bar="{job.pk}"' in waiting
    assert "Draft attributes</button>" not in waiting
    run_pending()
    ready = page_of(document)
    assert "The text of 3 pages was taken out" in ready
    assert "5 characters of hidden text left out" in ready
    assert "Draft attributes</button>" in ready


def test_a_file_without_text_fails_its_job_and_says_what_to_do(take, page_of, api, empty_plan):
    document, _ = take(locked_pdf(), "locked.pdf")
    (job,) = run_pending()
    assert (job.status, job.error_code) == ("failed", "encrypted_document")
    assert "Save it without protection" in page_of(document)
    assert not TakenText.objects.exists()
    shown = api.get(f"{API}/documents/{document.pk}/").data
    assert (shown["text_state"], shown["text_pages"], shown["text_job"]) == ("failed", None, job.pk)
    refused = api.post(
        f"{API}/plans/{empty_plan.pk}/draft/", {"document": document.pk}, format="json"
    )
    assert (refused.status_code, refused.data["code"]) == (409, "text_not_taken")
    assert "without protection" in refused.data["detail"]
    _, again = take(locked_pdf(), "locked.pdf")
    assert again and again.pk != job.pk


def test_a_cancelled_job_is_begun_anew_by_uploading_again(take, page_of):
    document, job = take()
    Job.objects.filter(pk=job.pk).update(status="cancelled")
    assert "upload it again" in page_of(document)
    _, again = take()
    assert again.pk != job.pk


def test_rest_shows_the_job_and_the_state(api, phase, empty_plan, simulator):
    content = docx(paragraph("1. Loan Number", "H1") + paragraph("- Data type: Character"))
    uploaded = upload_of(api, phase.cycle_report, content, KIND, "loans.docx")
    assert uploaded.status_code == 202, uploaded.data
    assert (uploaded.data["text_state"], uploaded.data["text_pages"]) == ("pending", None)
    assert uploaded["Location"].endswith(f"/jobs/{uploaded.data['text_job']}/")
    assert uploaded["Retry-After"]
    address = f"{API}/documents/{uploaded.data['id']}/"
    early = api.post(
        f"{API}/plans/{empty_plan.pk}/draft/", {"document": uploaded.data["id"]}, format="json"
    )
    assert (early.status_code, early.data["code"]) == (409, "text_not_taken")
    assert api.get(f"{address}preview/").data["code"] == "text_not_taken"
    run_pending()
    shown = api.get(address).data
    assert (shown["text_state"], shown["text_pages"]) == ("ready", 1)
    assert api.get(f"{address}preview/").data["parts"] == 1
    assert upload_of(api, phase.cycle_report, content, KIND, "loans.docx").status_code == 201


def test_states_of_other_documents(api, phase):
    assert upload_of(api, phase.cycle_report).data["text_state"] == ""
    shown = upload_of(api, phase.cycle_report, FIELDS.encode(), KIND, "a.md")
    assert (shown.status_code, shown.data["text_state"], shown.data["text_job"]) == (
        201,
        "ready",
        None,
    )


@pytest.mark.parametrize(
    ("kind", "name", "content", "code"),
    [
        ("dictionary", "fields.pdf", SPEC, "unknown_file_type"),
        ("dictionary", "fields.docx", docx(""), "unknown_file_type"),
        ("dictionary", "fields.csv", SPEC, "unknown_file_type"),
        (KIND, "loans.pdf", b"not one", "unknown_file_type"),
        (KIND, "loans.docx", SPEC, "unknown_file_type"),
        (KIND, "loans.md", SPEC, "unknown_file_type"),
        (KIND, "loans.pdf", b"", "empty_file"),
    ],
)
def test_files_that_are_no_such_document_are_refused_at_once(api, phase, kind, name, content, code):
    refused = upload_of(api, phase.cycle_report, content, kind, name)
    assert refused.data["code"] == code
    assert not Document.objects.exists()
    if kind == "dictionary":
        assert "as a specification" in refused.data["detail"]


def test_who_sees_the_report_may_watch(take, owner):
    _, job = take()
    assert may_watch(owner, job)
    assert not may_watch(make_tester(), job)
