"""A report in planning or scoping, its tester at the pages, and a model that obeys all it reads."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse

from llm import prompt_versions
from synapse.planning.models import Document
from tests.factories.cycles import make_phase
from tests.factories.planning import make_plan
from tests.injections import obedient


@pytest.fixture(autouse=True)
def uploads(settings, tmp_path):
    """Uploads of a test go to a folder of its own."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


@pytest.fixture(scope="session")
def obedient_server():
    with obedient.serving() as model:
        yield model


@pytest.fixture
def model(obedient_server, no_model_calls, kept_prompts, settings):
    """Every model call of the test goes to it."""
    settings.LLM = obedient_server.settings
    obedient_server.forget()
    return obedient_server


@pytest.fixture
def kept_prompts(django_db_setup, django_db_blocker):
    """The client's own connections would wait for rows that the test's transaction writes."""
    with django_db_blocker.unblock(), ThreadPoolExecutor(1) as pool:
        pool.submit(_committed, prompt_versions.keep_all).result()
        yield
        pool.submit(_committed, _forget_prompts).result()


def _committed(step) -> None:
    try:
        step()
    finally:
        connection.close()


def _forget_prompts() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")  # versions are frozen otherwise
        cursor.execute("DELETE FROM llm_promptversion")


@pytest.fixture
def plan(db):
    """A plan without attributes yet."""
    return make_plan(phase=make_phase("planning"), fields=())


@pytest.fixture
def tester(plan):
    return plan.cycle_report.tester


@pytest.fixture
def page(client, tester):
    """The tester's browser."""
    client.force_login(tester)
    return client


@pytest.fixture
def upload(page, plan):
    """Uploads a file as the tester does; gives the document, or None where it was refused."""

    def send(name: str, content: bytes, kind: str) -> Document | None:
        address = reverse("planning:document_upload", args=[plan.pk])
        known = set(Document.objects.values_list("pk", flat=True))
        page.post(address, {"kind": kind, "file": SimpleUploadedFile(name, content)})
        return Document.objects.exclude(pk__in=known).first()

    return send


@pytest.fixture
def confirm(page, plan):
    """Confirms what the document's page proposes."""

    def send(document: Document):
        address = reverse("planning:document_detail", args=[plan.pk, document.pk])
        form = page.get(address).context["form"]
        data = {name: field.initial or "" for name, field in form.fields.items()}
        return page.post(address, data)

    return send
