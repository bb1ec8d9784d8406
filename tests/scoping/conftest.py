"""A draft of a scope over a small plan, and the two people who work on it."""

import pytest

from synapse.cycles.models import CycleReport
from synapse.scoping.models import Scope
from tests.factories.accounts import make_owner, make_tester
from tests.factories.cycles import make_cycle_report
from tests.factories.scoping import make_scope


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
def scope(cycle_report) -> Scope:
    """One key, one CDE, one with an open issue, two plain ones; nothing judged or decided."""
    return make_scope(cycle_report=cycle_report)
