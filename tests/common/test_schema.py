"""The OpenAPI document: valid 3.1, without warnings, with names that clients can build on."""

import re
from collections import Counter

import pytest
from django.core.management import call_command
from openapi_spec_validator import OpenAPIV31SpecValidator
from rest_framework.test import APIClient

METHODS = {"get", "post", "put", "patch", "delete"}


@pytest.fixture(scope="module")
def served():
    """The document as the web process gives it to a stranger."""
    response = APIClient().get("/api/v1/schema/?format=json")
    assert response.status_code == 200
    return response.json()


def operations(document):
    return [
        (f"{method.upper()} {path}", operation)
        for path, item in document["paths"].items()
        for method, operation in item.items()
        if method in METHODS
    ]


def test_it_is_valid_openapi_3_1(served):
    assert served["openapi"].startswith("3.1")
    assert [error.message for error in OpenAPIV31SpecValidator(served).iter_errors()] == []


def test_it_is_made_without_a_warning(tmp_path):
    file = tmp_path / "schema.json"
    call_command(
        "spectacular", "--validate", "--fail-on-warn", format="openapi-json", file=str(file)
    )
    assert '"openapi": "3.1' in file.read_text()


def test_every_operation_says_what_it_does(served):
    silent = [
        name
        for name, operation in operations(served)
        if not operation.get("summary") or not operation.get("description")
    ]
    assert silent == []


def test_names_of_operations_are_unique_words(served):
    names = Counter(operation["operationId"] for _, operation in operations(served))
    assert [name for name, count in names.items() if count > 1] == []
    assert [name for name in names if not re.fullmatch("[a-z][a-z_]*", name)] == []


def test_a_command_is_named_by_its_resource_and_verb(served):
    names = {name: operation["operationId"] for name, operation in operations(served)}
    assert names["POST /api/v1/plans/{id}/submit/"] == "plans_submit"
    assert names["GET /api/v1/plans/{id}/attributes.csv/"] == "plans_attributes_csv"
    assert names["PATCH /api/v1/cycles/{id}/"] == "cycles_partial_update"


def test_every_operation_says_how_to_log_in(served):
    schemes = served["components"]["securitySchemes"]
    assert schemes["token"]["scheme"] == "bearer"
    assert [name for name, scheme in schemes.items() if not scheme.get("description")] == []
    open_to_all = [
        name
        for name, operation in operations(served)
        if {scheme for each in operation.get("security", [{}]) for scheme in each} != set(schemes)
    ]
    assert open_to_all == []


def test_every_operation_documents_its_refusals(served):
    short = {
        name: sorted({"400", "401", "403", "404"} - set(operation["responses"]))
        for name, operation in operations(served)
        if not {"400", "401", "403", "404"} <= set(operation["responses"])
    }
    assert short == {}
