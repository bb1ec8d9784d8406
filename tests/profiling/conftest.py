"""Files of a test go to a folder of its own; a profiling phase and its people."""

import pytest

from tests.factories.profiling import (
    make_population,
    make_profiling_phase,
    make_uploaded_population,
)
from tests.profiling.pages import WITH_BAD_ROWS


@pytest.fixture(autouse=True)
def uploads(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


@pytest.fixture
def phase(db):
    return make_profiling_phase()


@pytest.fixture
def tester(phase):
    return phase.cycle_report.tester


@pytest.fixture
def owner(phase):
    return phase.cycle_report.report.owner


@pytest.fixture
def as_tester(client, tester):
    client.force_login(tester)
    return client


@pytest.fixture
def as_owner(client, owner):
    client.force_login(owner)
    return client


@pytest.fixture
def uploaded(phase):
    return make_uploaded_population(phase=phase)


@pytest.fixture
def imported(phase):
    return make_population(phase=phase, content=WITH_BAD_ROWS)
