"""People and a cycle-report whose planning has begun."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from synapse.cycles.phases import PhaseHooks, PhaseKind
from synapse.cycles.services import approval
from tests.factories.accounts import make_owner, make_tester
from tests.factories.cycles import make_cycle_report, make_phase
from tests.support.models import Line, Paper


@pytest.fixture(autouse=True)
def hooks(monkeypatch):
    """Planning and scoping are done with papers here, whatever apps are installed."""
    table = {
        kind: PhaseHooks(
            kind=kind, url=lambda phase: f"/papers/of/{phase.pk}/", version_model=lambda: Paper
        )
        for kind in (PhaseKind.PLANNING, PhaseKind.SCOPING)
    }
    monkeypatch.setattr("synapse.cycles.phases._hooks", table)
    return table


@pytest.fixture
def tester(db):
    return make_tester("tess")


@pytest.fixture
def owner(db):
    return make_owner("otto")


@pytest.fixture
def cycle_report(tester, owner):
    return make_cycle_report(tester=tester, owner=owner)


@pytest.fixture
def phase(cycle_report):
    return make_phase(cycle_report=cycle_report)


@pytest.fixture
def draft(phase, tester):
    """A draft with two lines."""
    paper = approval.start_version(model=Paper, phase=phase, actor=tester, topic="balances")
    Line.objects.bulk_create(Line(paper=paper, key=key, text=f"about {key}") for key in "ba")
    return paper


@pytest.fixture
def pending(draft, tester):
    return approval.submit(version=draft, actor=tester, note="please")


@pytest.fixture
def approved(pending, owner):
    return approval.approve(version=pending, actor=owner)


@pytest.fixture
def measure():
    """How many queries a call makes."""

    def count(call) -> int:
        with CaptureQueriesContext(connection) as queries:
            response = call()
        assert response.status_code == 200
        return len(queries)

    return count
