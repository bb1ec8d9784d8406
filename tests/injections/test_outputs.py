"""Texts of a model are shown as text: in every page, and in every file for a spreadsheet.

Which texts, pages and files is not listed here: all free texts of the tables that a model's answer
reaches are made hostile, and every address that these rows have is asked for.
"""

import csv
import io
from itertools import product

import pytest
from django.db import connection, models
from django.urls import NoReverseMatch, URLPattern, get_resolver, reverse

from jobs.models import Job, JobEvent, JobItem
from jobs.testing import run_pending
from llm.models import LLMCall
from synapse.common.spreadsheets import FORMULA
from synapse.planning.models import Attribute, Document, HistoricalIssue, RejectedDraft
from synapse.planning.services.documents import take_document
from synapse.scoping.models import ScopeItem
from synapse.scoping.tasks import start_recommendation
from tests.factories.scoping import make_scope

pytestmark = pytest.mark.django_db

HOSTILE = "=1+1'\"><i data-planted onclick=alert(1)>{{ 7|add:7 }}</i>\r\n<script data-planted>"
RAW = ("<i data-planted", "<script data-planted")
REACHED = (Attribute, HistoricalIssue, RejectedDraft, ScopeItem, LLMCall, Job, JobItem, JobEvent)
# Shorter ones are codes and names of ours, on which the program acts.
LONG = 200
APPS = ("planning", "scoping", "llm", "jobs", "cycles", "audit")
# Addresses and keys that we make ourselves, and never a model.
OURS = {"result_url", "provider", "key"}


def free_texts(model) -> list[models.Field]:
    """The columns of a table that may hold what a model said."""
    return [
        field
        for field in model._meta.concrete_fields
        if isinstance(field, models.CharField | models.TextField)
        and (field.max_length or LONG) >= LONG
        and not field.choices
        and field.name not in OURS
    ]


@pytest.fixture
def spoiled(simulator, kept_prompts):
    """A scope that the model judged, and then hostile text wherever there may be some."""
    scope = make_scope()
    tester = scope.cycle_report.tester
    start_recommendation(scope=scope, actor=tester)
    run_pending()
    attribute = scope.plan.attributes.first()
    document = take_document(
        cycle_report=scope.cycle_report,
        kind="specification",
        name=f"{HOSTILE}.md",
        content=f"# Loans\n{HOSTILE}".encode(),
        actor=tester,
    )
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # approved, and calls
        RejectedDraft.objects.create(
            version=scope.plan, document=document, job_id=1, place="p", name="n", reason="r"
        )
        HistoricalIssue.objects.create(attribute=attribute, issue_id="I-1")
        for model in REACHED:
            assert model.objects.exists(), model
            lift_checks(cursor, model._meta.db_table)
            for row in model.objects.all():
                spoil(row)
        cursor.execute("SET LOCAL session_replication_role = origin")
    return scope


def lift_checks(cursor, table: str) -> None:
    """For this test's transaction: which texts go together matters nothing to how they're shown."""
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    cursor.execute(
        "SELECT conname FROM pg_constraint WHERE contype = 'c' AND conrelid = %s::regclass", [table]
    )
    for (name,) in cursor.fetchall():
        cursor.execute(f'ALTER TABLE "{table}" DROP CONSTRAINT "{name}"')


def spoil(row: models.Model) -> None:
    values = {
        field.name: f"{HOSTILE} {row.pk}"[: field.max_length]
        for field in free_texts(type(row))
        if getattr(row, field.name) or field.blank or isinstance(field, models.TextField)
    }
    if isinstance(row, Attribute):
        values["allowed_values"] = [{"code": HOSTILE, "meaning": HOSTILE}]
    if isinstance(row, LLMCall):
        values["request"] = [{"role": "system", "content": HOSTILE}] * 2
        values["response"] = {"choices": [{"message": {"content": HOSTILE}}]}
    if isinstance(row, ScopeItem) and not row.quote:
        values.pop("quote", None)
    type(row).objects.filter(pk=row.pk).update(**values)


@pytest.fixture
def answers(client, spoiled):
    """All that can be got of these rows by who may see all: kind of answer, address, text."""
    tester = spoiled.cycle_report.tester
    tester.is_superuser = tester.is_staff = True
    tester.save()
    client.force_login(tester)

    found = {"text/html": {}, "text/csv": {}}
    for address in addresses(spoiled):
        answer = client.get(address)
        kind = answer["Content-Type"].partition(";")[0]
        if answer.status_code == 200 and kind in found:
            parts = answer.streaming_content if answer.streaming else [answer.content]
            found[kind][address] = b"".join(parts).decode()
    return found


def addresses(scope) -> list[str]:
    """Each address of these apps and of the admin, filled with the rows' keys in every way."""
    item = scope.scope_items.exclude(rationale="").first()
    keys = {
        "pk": [scope.pk, scope.plan_id, scope.cycle_report.pk, LLMCall.objects.first().pk]
        + [Job.objects.first().pk, item.pk, item.attribute_id, *phases(scope)],
        "item_pk": [item.pk],
        "attribute": [item.attribute_id],
        "document": [Document.objects.first().pk],
        "form": ["csv", "json"],
    }
    found = []
    for name, names in named(get_resolver()):
        if not names <= keys.keys():
            continue
        for values in product(*(keys[each] for each in sorted(names))):
            try:
                found.append(reverse(name, kwargs=dict(zip(sorted(names), values, strict=True))))
            except NoReverseMatch:
                continue
    for model in REACHED:
        admin = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        for row in model.objects.all()[:1]:
            try:
                found += [reverse(f"{admin}_changelist"), reverse(f"{admin}_change", args=[row.pk])]
            except NoReverseMatch:
                continue  # has no page in the admin
    return list(dict.fromkeys(found))


def phases(scope) -> list[int]:
    return list(
        scope.cycle_report.phases.filter(kind__in=["planning", "scoping"]).values_list(
            "pk", flat=True
        )
    )


def named(resolver, space: str = "") -> list[tuple[str, set[str]]]:
    """(name, keyword arguments) of every address of the apps and of the API."""
    found = []
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLPattern):
            if pattern.name and space in (*APPS, "api"):
                found.append((f"{space}:{pattern.name}", set(pattern.pattern.regex.groupindex)))
        else:
            found += named(pattern, pattern.namespace or space)
    return found


def test_no_page_shows_a_model_s_text_as_markup_and_no_file_as_a_formula(answers):
    require_no_markup(answers["text/html"])
    require_no_formula(answers["text/csv"])


def require_no_markup(pages: dict[str, str]) -> None:
    raw = [address for address, page in pages.items() if any(each in page for each in RAW)]
    assert raw == []
    showing = [address for address, page in pages.items() if "data-planted" in page]
    told = [address for address in showing if "/admin/" not in address]
    print(f"{len(pages)} pages, {len(showing)} show hostile text, {len(told)} outside the admin")
    assert len(told) >= 12 and len(showing) - len(told) >= 6
    assert not [address for address, page in pages.items() if "14</i" in page]


def require_no_formula(files: dict[str, str]) -> None:
    showing = [address for address, text in files.items() if "data-planted" in text]
    print(f"{len(files)} files, {len(showing)} with hostile text")
    assert len(showing) >= 5
    for address, text in files.items():
        for row in csv.reader(io.StringIO(text.removeprefix("\ufeff"))):
            assert not [cell for cell in row if cell.startswith(FORMULA)], address


def test_the_texts_and_addresses_are_found():
    columns = {(m.__name__, field.name) for m in REACHED for field in free_texts(m)}
    assert {
        ("Attribute", "name"), ("Attribute", "remark"), ("Attribute", "description"),
        ("Attribute", "quote"), ("RejectedDraft", "reason"), ("ScopeItem", "rationale"),
        ("ScopeItem", "failure"), ("LLMCall", "error"), ("LLMCall", "model_returned"),
        ("Job", "message"), ("JobItem", "error_message"), ("JobEvent", "reason"),
    } <= columns  # fmt: skip
    names = {name for name, _ in named(get_resolver())}
    assert {"planning:plan_detail", "scoping:item_detail", "llm:call_payload"} <= names


def test_the_three_lists_of_formula_beginnings_are_one():
    from jobs import exporting as of_jobs
    from llm import exporting as of_calls

    assert of_jobs.FORMULA == of_calls.FORMULA == FORMULA
    assert set(FORMULA) == set("=+-@\t\r\n")
