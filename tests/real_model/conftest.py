"""The real model, served once for the tests of this folder, and a plan that it drafts for."""

import re

import pytest

from synapse.planning.services.documents import take_document
from tests.factories.cycles import make_phase
from tests.factories.planning import make_plan
from tests.real_model.serving import served_model

SPECIFICATION = "hmda/spec/hmda_lar_specification_for_llm.md"


@pytest.fixture(scope="session")
def served():
    with served_model() as model:
        yield model


@pytest.fixture
def real_model(served, settings, tmp_path, no_model_calls):
    """All model calls of the test go to it; uploads to a folder of the test's own."""
    settings.LLM = served.settings
    settings.MEDIA_ROOT = tmp_path / "media"
    return served


@pytest.fixture
def plan(transactional_db):
    """An empty plan of a report."""
    return make_plan(phase=make_phase("planning"), fields=())


@pytest.fixture
def hmda_fields(sample_data):
    """Takes fields, by their numbers, word for word out of the real specification."""
    text = (sample_data / SPECIFICATION).read_text(encoding="utf-8")
    _, *sections = re.split(r"(?m)^(?=## \d+\. )", text)
    by_number = {int(re.match(r"## (\d+)", section)[1]): section for section in sections}

    def take(numbers) -> str:
        return "".join(by_number[number] for number in numbers)

    return take


@pytest.fixture
def upload(plan):
    """Takes a specification in as the plan's tester."""

    def take(text: str):
        return take_document(
            cycle_report=plan.cycle_report,
            kind="specification",
            name="hmda.md",
            content=text.encode(),
            actor=plan.cycle_report.tester,
        )

    return take
