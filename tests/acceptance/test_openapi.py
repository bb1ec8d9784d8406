"""The API attacked by its own document: whatever is sent, it answers as documented, never 5xx."""

import json

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from synapse.accounts.services.tokens import create_token
from synapse.cycles.models import CycleReport
from tests.acceptance.everything import make_everything
from tests.factories.accounts import make_admin, make_owner, make_tester

EXAMPLES = 8
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


@pytest.fixture(autouse=True)
def uploads(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.LLM = {}


@pytest.fixture(scope="module")
def document():
    found = schemathesis.openapi.from_dict(SchemaGenerator().get_schema(None, public=True))
    found.app = get_wsgi_application()
    return found


@pytest.fixture
def people(db):
    return {
        "tester": make_tester("tess"),
        "owner": make_owner("otto"),
        "administrator": make_admin("ada"),
    }


@pytest.fixture
def known(people):
    """A true number for each name that stands in an address or a body."""
    return make_everything(people["tester"], people["owner"]) | {
        "cycle_report": CycleReport.objects.latest("pk").pk,
        "tester": people["tester"].pk,
        "owner": people["owner"].pk,
    }


@pytest.fixture(autouse=True)
def one_connection():
    """The end of a request would close the connection that holds the test's transaction."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def aim(case, known) -> None:
    """Lets the case hit something that exists, so that it comes past 404."""
    resource = case.path.split("/")[3].replace("-", "").removesuffix("s")
    if case.path_parameters and resource in known:
        case.path_parameters["id"] = known[resource]
    if isinstance(case.body, dict):
        case.body.update(
            {name: known[name] for name in case.body if name in known and case.body[name]}
        )
    if isinstance(case.query, dict):
        case.query.update({name: known[name] for name in case.query if name in known})
    if any(each.name == "If-Match" for each in case.operation.headers):
        case.headers["If-Match"] = "*"


def attack(operation, token, known) -> None:
    """Examples that fit the document and examples that don't, each undone after its answer."""
    fit, unfit = (operation.as_strategy(generation_mode=mode) for mode in GenerationMode)

    @seed(20261124)
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=st.one_of(fit, unfit), aimed=st.booleans())
    def examples(case, aimed):
        if aimed:
            aim(case, known)
        with transaction.atomic():
            response = case.call(headers={"Authorization": f"Bearer {token}"})
            transaction.set_rollback(True)
        case.validate_response(response, checks=CHECKS)

    examples()


@pytest.mark.timeout(400)
@pytest.mark.parametrize("role", ["tester", "owner", "administrator"])
def test_no_example_breaks_the_api(document, people, known, role):
    _, token = create_token(user=people[role], name="attack")
    broken = {}
    for result in document.get_all_operations():
        operation = result.ok()
        try:
            attack(operation, token, known)
        except (Exception, BaseExceptionGroup) as error:  # noqa: BLE001  all are told together
            broken[operation.label] = f"{type(error).__name__}: {error}"
    assert not broken, json.dumps(broken, indent=1)
