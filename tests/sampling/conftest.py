"""A sampling phase over a small population, and the two people who work on it."""

import pytest

from synapse.cycles.models import CycleReport, Phase
from synapse.sampling.models import SampleSet
from tests.factories.accounts import make_owner, make_tester
from tests.factories.cycles import make_cycle_report
from tests.factories.sampling import make_sample_set, make_sampling_phase


@pytest.fixture(autouse=True)
def uploads(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def tester(db):
    return make_tester("tess")


@pytest.fixture
def owner(db):
    return make_owner("otto")


@pytest.fixture
def cycle_report(tester, owner) -> CycleReport:
    return make_cycle_report(tester=tester, owner=owner)


@pytest.fixture
def phase(cycle_report) -> Phase:
    """Sampling in progress: 200 accounts, a profile of two rules, an approved scope."""
    return make_sampling_phase(cycle_report=cycle_report)


@pytest.fixture
def sample_set(phase) -> SampleSet:
    """A draft with ten drawn samples, none decided."""
    return make_sample_set(phase=phase)


@pytest.fixture
def as_tester(client, tester):
    client.force_login(tester)
    return client


@pytest.fixture
def as_owner(client, owner):
    client.force_login(owner)
    return client
