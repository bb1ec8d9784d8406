"""Plans as the services make them."""

from synapse.cycles.phases import PhaseKind
from synapse.cycles.services import approval
from synapse.planning.models import Plan
from synapse.planning.services.editing import add_attribute
from synapse.planning.services.plans import start_plan
from tests.factories.cycles import make_phase

FIELDS = (
    {"name": "Reference Number", "line": "1", "item_code": "M046", "data_type": "string",
     "is_key": True, "requirement": "mandatory", "technical_name": "ReferenceNumber"},
    {"name": "Credit Card Type", "line": "7", "item_code": "M050", "data_type": "integer",
     "requirement": "mandatory", "allowed_values": [{"code": "1", "meaning": "General purpose"}]},
    {"name": "Cycle Ending Balance", "line": "15", "item_code": "M058", "data_type": "decimal",
     "requirement": "mandatory", "technical_name": "CycleEndingBalance"},
)  # fmt: skip


def make_plan(*, phase=None, fields=FIELDS) -> Plan:
    """A draft with a few attributes, the first one the key."""
    phase = phase or make_phase(PhaseKind.PLANNING)
    tester = phase.cycle_report.tester
    plan = start_plan(phase=phase, actor=tester)
    for values in fields:
        add_attribute(plan=plan, actor=tester, **values)
    return plan


def make_approved_plan(**options) -> Plan:
    """A plan its tester submitted and its owner approved."""
    plan = make_plan(**options)
    cycle_report = plan.cycle_report
    plan = approval.submit(version=plan, actor=cycle_report.tester)
    return approval.approve(version=plan, actor=cycle_report.report.owner)
