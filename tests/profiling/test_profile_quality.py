"""What a profile says of an attribute's quality reaches scoping, when it comes before."""

import pytest

from jobs.testing import run_pending
from synapse.cycles.phases import PhaseKind
from synapse.cycles.services.phases import complete_phase, reopen_phase, skip_phase, start_phase
from synapse.scoping.models import Scope
from synapse.scoping.scoring import Components, score_of
from synapse.scoping.states import JudgedBy
from synapse.scoping.tasks import start_recommendation
from tests.factories.profiles import make_profile, make_profile_phase

pytestmark = pytest.mark.django_db


def scope_of(cycle_report) -> Scope:
    """The draft that starting the scoping phase makes, judged by estimate."""
    phase = cycle_report.phases.get(kind=PhaseKind.SCOPING)
    start_phase(phase=phase, actor=cycle_report.tester)
    scope = Scope.objects.get(phase=phase)
    start_recommendation(scope=scope, actor=cycle_report.tester, by=JudgedBy.ESTIMATED)
    run_pending()
    return scope


def items(scope) -> dict:
    rows = scope.scope_items.select_related("attribute")
    return {row.attribute.name: (row.data_quality, row.score) for row in rows}


def test_quality_measured_before_scoping_adds_to_the_score():
    profile = make_profile()
    cycle_report = profile.cycle_report
    complete_phase(phase=cycle_report.phases.get(kind=PhaseKind.PROFILING),
                   actor=cycle_report.tester)  # fmt: skip
    scope = scope_of(cycle_report)
    told = items(scope)
    assert {name: quality for name, (quality, _) in told.items()} == {
        "Reference Number": 100,
        "Credit Card Type": 75,
        "Cycle Ending Balance": 75,
        # The file has no such column: nothing was measured, which is not 0.
        "Maturity Date": None,
    }
    for item in scope.scope_items.select_related("attribute").filter(attribute__is_key=False):
        flags = {"is_cde": item.attribute.is_cde, "has_open_issue": item.attribute.has_open_issue}
        assert item.score == score_of(item.components, **flags, quality=item.data_quality)


@pytest.mark.parametrize(("quality", "more"), [(100, 0), (50, 5), (0, 10)])
def test_bad_data_adds_up_to_ten_points(quality, more):
    judged = Components(15, 15, 15, 15)
    flags = {"is_cde": True, "has_open_issue": True}
    assert score_of(judged, **flags, quality=quality) == round(100 * (100 + more) / 110)
    assert score_of(judged, **flags) == 100


def test_a_scope_begun_before_profiling_stays_as_it_is():
    phase = make_profile_phase(started=False)
    cycle_report, tester = phase.cycle_report, phase.cycle_report.tester
    phase = skip_phase(phase=phase, actor=tester, reason="The file comes later.")
    scope = scope_of(cycle_report)
    before = items(scope)
    assert {quality for quality, _ in before.values()} == {None}
    executive = cycle_report.cycle.executive
    phase = reopen_phase(phase=phase, actor=executive, reason="The file came.")
    assert make_profile(phase=start_phase(phase=phase, actor=tester)).is_finished
    assert items(scope) == before
