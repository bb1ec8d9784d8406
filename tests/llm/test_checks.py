"""Settings that can't work are refused at the start, half a configuration is pointed out."""

import pytest

from llm.checks import check_settings
from llm.conf import current
from llm.prompts import load
from llm.request import build
from tests.llm.asking import OPERATION, Items, variables

GOOD = {"BASE_URL": "http://localhost:1/v1", "MODEL": "m"}


@pytest.mark.parametrize(
    ("changes", "ids"),
    [
        ({}, []),
        ({"STRUCTURED": "xml"}, ["llm.E001"]),
        ({"DIALECT": "klingon"}, ["llm.E002"]),
        ({"BASE_URL": "localhost:1"}, ["llm.E003"]),
        ({"BASE_URL": "http://host:99999/v1"}, ["llm.E003"]),
        ({"BASE_URL": "http:///v1"}, ["llm.E003"]),
        ({"TIMEOUT": 0}, ["llm.E004"]),
        ({"MODEL": ""}, ["llm.W001"]),
        ({"BASE_URL": ""}, ["llm.W001"]),
    ],
)
def test_settings_are_checked(settings, changes, ids):
    settings.LLM = GOOD | changes
    assert [found.id for found in check_settings(None)] == ids


def test_no_model_is_fine(settings):
    settings.LLM = {}
    assert check_settings(None) == []


def test_reasoning_models_are_asked_in_their_dialect(settings):
    settings.LLM = GOOD
    body = build(load(OPERATION), variables(), Items, current()).body([])
    assert (body["max_tokens"], body["temperature"]) == (400, 0)
    settings.LLM = GOOD | {"DIALECT": "reasoning"}
    body = build(load(OPERATION), variables(), Items, current()).body([])
    assert body["max_completion_tokens"] == 400
    assert "temperature" not in body and "max_tokens" not in body
