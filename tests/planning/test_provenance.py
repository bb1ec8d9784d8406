"""From an attribute to its quote in the document, to the call, and to settling it, as people do."""

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from llm.models import LLMCall
from synapse.cycles.services import approval
from synapse.planning.models import Attribute
from tests.factories.accounts import make_tester
from tests.planning.drafted import SPECIFICATION, draft

pytestmark = pytest.mark.django_db(transaction=True)


def url(name, *args):
    return reverse(f"planning:{name}", args=args)


@pytest.fixture
def specification(upload):
    return upload(SPECIFICATION, "loans.md", "specification")


@pytest.fixture
def drafted(empty_plan, specification, tester, simulator):
    draft(empty_plan, specification, tester)
    return empty_plan


@pytest.fixture
def unsupported(empty_plan, specification, tester, simulator):
    simulator.script("wrong_quotes")
    draft(empty_plan, specification, tester)
    return empty_plan


@pytest.fixture
def as_tester(client, tester):
    client.force_login(tester)
    return client


def text_of(reply) -> str:
    return " ".join(reply.content.decode().split())


def test_one_click_opens_the_quote_in_its_document(as_tester, drafted):
    attribute = drafted.attributes.get(name="Loan Type")
    address = url("attribute_source", drafted.pk, attribute.pk)
    panel = text_of(as_tester.get(attribute.get_absolute_url()))
    assert f'href="{address}#quote"' in panel
    assert f"line 9, character {attribute.quote_start}" in panel
    page = as_tester.get(address)
    assert f'<mark id="quote">{attribute.quote}</mark>' in page.content.decode()
    assert "The quote begins in line 9" in text_of(page)
    # What was uploaded is text, never markup.
    assert "# Loans &lt;b&gt;&amp; more&lt;/b&gt;" in page.content.decode()


def test_long_documents_are_shown_around_the_quote(as_tester, empty_plan, upload):
    lines = [f"Remark number {number}." for number in range(3_000)]
    lines[1_500] = "\f## Rate: the rate of the loan"
    document = upload("\n".join(lines), "long.md", "specification")
    attribute = Attribute.objects.create(
        version=empty_plan, position=1, name="Rate", source="model", document=document,
        quote="Rate: the rate",
    )  # fmt: skip
    page = text_of(as_tester.get(url("attribute_source", empty_plan.pk, attribute.pk)))
    assert '<mark id="quote">Rate: the rate</mark>' in page
    assert "on page 2, in line 1501" in page
    assert "Lines 1476 to 1526" in page
    assert "Remark number 1480." in page
    assert "Remark number 1470." not in page
    attribute.document = None
    attribute.save()
    gone = as_tester.get(url("attribute_source", empty_plan.pk, attribute.pk))
    assert gone.status_code == 404


def test_the_call_is_linked_for_whoever_may_see_it(as_tester, drafted, client):
    attribute = drafted.attributes.first()
    call = reverse("llm:call_detail", args=[attribute.llm_call_id])
    assert call in as_tester.get(attribute.get_absolute_url()).content.decode()
    source = url("attribute_source", drafted.pk, attribute.pk)
    assert call in as_tester.get(source).content.decode()
    assert as_tester.get(call).status_code == 200
    attribute.llm_call_id = LLMCall.objects.order_by("-pk").first().pk + 1
    attribute.save()
    assert "llm/calls" not in as_tester.get(attribute.get_absolute_url()).content.decode()
    client.force_login(make_tester())
    assert client.get(source).status_code == 404


def test_the_unsupported_are_marked_filtered_and_block_the_plan(as_tester, unsupported):
    Attribute.objects.filter(name="Loan Type").update(quote="<script>alert(1)</script>")
    page = text_of(as_tester.get(unsupported.get_absolute_url()))
    assert (
        page.count('<span class="tag bad" title="the quote doesn&#x27;t occur in the text">') == 3
    )
    assert "?support=unsupported" in page
    assert "unsupported and without a person&#x27;s note" in page
    assert url("plan_submit", unsupported.pk) not in page
    kind = unsupported.attributes.get(name="Loan Type")
    panel = as_tester.get(kind.get_absolute_url()).content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in panel
    assert "<script>alert(1)" not in panel
    settled = url("attribute_settle", unsupported.pk, kind.pk)
    assert settled in panel
    saved = as_tester.post(settled, {"expected": kind.lock_version, "note": "Known."})
    assert saved.status_code == 302
    only = as_tester.get(unsupported.get_absolute_url(), {"support": "unsupported"})
    assert [row.name for row in only.context["page_obj"]] == ["Loan Number", "Closing Date"]
    # Links of the list keep its filter.
    assert "support=unsupported&amp;attribute=" in only.content.decode()
    told = as_tester.get(kind.get_absolute_url()).content.decode()
    assert "Known." in told
    assert "settled by a note" in told


def test_a_name_shows_the_way_where_the_quote_does_not(as_tester, unsupported):
    kind = unsupported.attributes.get(name="Loan Type")
    page = text_of(as_tester.get(url("attribute_source", unsupported.pk, kind.pk)))
    assert '<mark id="quote">Loan Type</mark>' in page
    assert "The quote begins" not in page
    assert "what the model gave as its quote" in page


def test_a_passage_is_found_or_the_form_says_not(as_tester, unsupported, specification):
    kind = unsupported.attributes.get(name="Loan Type")
    address = url("attribute_settle", unsupported.pk, kind.pk)
    form = {"expected": kind.lock_version, "document": specification.pk}
    page = as_tester.post(address, form | {"quote": "Loan Type: any"})
    assert page.status_code == 422
    assert "doesn&#x27;t have this passage" in page.content.decode()
    assert "Loan Type: any" in page.content.decode()
    stale = as_tester.post(address, form | {"expected": 99, "note": "x"})
    assert stale.status_code == 412
    saved = as_tester.post(address, form | {"quote": "2. Loan Type"}, follow=True)
    assert "2. Loan Type, line 9" in text_of(saved)


def test_a_quote_that_is_there_may_be_replaced_by_a_better_one(as_tester, drafted):
    kind = drafted.attributes.get(name="Loan Type")
    address = url("attribute_settle", drafted.pk, kind.pk)
    page = as_tester.get(address).content.decode()
    assert 'name="quote"' in page
    assert 'name="note"' not in page
    form = {"expected": kind.lock_version, "document": kind.document_id}
    nothing = as_tester.post(address, form)
    assert nothing.status_code == 422
    assert "Give a passage of the document." in nothing.content.decode()
    as_tester.post(address, form | {"quote": "Loan Type"})
    kind.refresh_from_db()
    assert (kind.quote, kind.support, kind.lock_version) == ("Loan Type", "supported", 2)


def test_who_decides_sees_the_notes_and_settles_nothing(client, unsupported, tester, owner):
    for each in unsupported.items():
        each.support, each.support_note = "noted", "Known to be right."
        each.noted_by, each.noted_at = tester, unsupported.created_at
        each.save()
    approval.submit(version=unsupported, actor=tester)
    client.force_login(owner)
    attribute = unsupported.attributes.first()
    page = client.get(attribute.get_absolute_url()).content.decode()
    assert "Known to be right." in page
    address = url("attribute_settle", unsupported.pk, attribute.pk)
    assert address not in page
    assert client.get(address).status_code == 403
    assert client.post(address, {"expected": 1, "note": "x"}).status_code == 403


def test_exports_tell_support_place_and_call(as_tester, unsupported, tester):
    reply = as_tester.get(url("plan_export", unsupported.pk, "csv"), {"support": "unsupported"})
    rows = list(csv.DictReader(io.StringIO(reply.content.decode("utf-8-sig"))))
    assert [row["support"] for row in rows] == ["unsupported"] * 3
    assert rows[1]["support_fault"] == "the quote doesn't occur in the text"
    assert (rows[1]["quote_line"], rows[1]["quote_start"]) == ("9", "")
    assert int(rows[1]["llm_call"]) == unsupported.attributes.first().llm_call_id
    body = as_tester.get(url("plan_export", unsupported.pk, "json")).json()
    assert {row["support"] for row in body["attributes"]} == {"unsupported"}


def test_names_the_dictionary_lacks_are_flagged(as_tester, empty_plan, upload, tester, simulator):
    upload("Name,Format\nLOAN  number,C18\nLoan Types,N1\n")
    draft(empty_plan, upload(SPECIFICATION, "loans.md", "specification"), tester)
    rows = as_tester.get(empty_plan.get_absolute_url(), {"unknown": "true"})
    assert [row.name for row in rows.context["page_obj"]] == ["Loan Type", "Closing Date"]
    number = empty_plan.attributes.get(name="Loan Number")
    assert "<dd>LOAN number</dd>" in text_of(as_tester.get(number.get_absolute_url()))
    kind = empty_plan.attributes.get(name="Loan Type")
    assert "“Loan Types” is like it" in text_of(as_tester.get(kind.get_absolute_url()))


def test_more_unsupported_rows_cost_no_more_queries(as_tester, unsupported, tester):
    pages = (
        unsupported.get_absolute_url(),
        url("plan_export", unsupported.pk, "json"),
        url("attribute_source", unsupported.pk, unsupported.attributes.first().pk),
        url("attribute_settle", unsupported.pk, unsupported.attributes.first().pk),
    )
    for page in pages:
        as_tester.get(page)
    counts = [_queries(as_tester, page) for page in pages]
    Attribute.objects.bulk_create(
        Attribute(
            version=unsupported, position=number + 20, name=f"Field {number}", source="model",
            support="noted", support_fault="no quote", support_note="n", noted_by=tester,
            noted_at=unsupported.created_at,
        )
        for number in range(50)
    )  # fmt: skip
    assert [_queries(as_tester, page) for page in pages] == counts
    assert max(counts) <= 28, counts


def _queries(client, page) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(page).status_code == 200
    return len(captured)
