"""People, and a plan being written."""

import pytest

from synapse.planning.services.documents import take_document
from tests.factories.cycles import make_phase
from tests.factories.planning import make_plan


@pytest.fixture(autouse=True)
def uploads(settings, tmp_path):
    """Uploads of a test go to a folder of its own."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


@pytest.fixture
def phase(db):
    return make_phase("planning")


@pytest.fixture
def tester(phase):
    return phase.cycle_report.tester


@pytest.fixture
def owner(phase):
    return phase.cycle_report.report.owner


@pytest.fixture
def plan(phase):
    return make_plan(phase=phase)


@pytest.fixture
def empty_plan(phase):
    return make_plan(phase=phase, fields=())


@pytest.fixture
def upload(phase, tester):
    """Takes a document in as the tester."""

    def take(content, name="dictionary.csv", kind="dictionary", **options):
        body = content if isinstance(content, bytes) else content.encode()
        return take_document(
            cycle_report=phase.cycle_report,
            kind=kind,
            name=name,
            content=body,
            actor=tester,
            **options,
        )

    return take
