"""One object of every kind that an address can name, all of the same tester and owner."""

from jobs.models import PeriodicTask
from jobs.saved import save_filter
from synapse.accounts.services.tokens import create_token
from synapse.audit.models import Entry
from synapse.cycles.services import approval
from synapse.planning.services.documents import take_document
from synapse.planning.services.issues import add_issue
from synapse.profiling.models import Profile
from tests.factories.cycles import make_cycle_report, make_phase
from tests.factories.jobs import make_items, make_job
from tests.factories.llm import make_call
from tests.factories.planning import make_plan
from tests.factories.sampling import make_sample_set
from tests.factories.scoping import make_scope

DICTIONARY = b"Field Name,Description,Format\nBalance,The balance,N12.2\nRate,The rate,N5.2\n"


def make_everything(tester, owner) -> dict[str, int | str]:
    """Their numbers (of queues their names), by the names that addresses of the API give them."""
    mine = {"tester": tester, "owner": owner}
    scope = make_scope(cycle_report=make_cycle_report(**mine))
    other = make_cycle_report(**mine)
    plan = make_plan(phase=make_phase("planning", cycle_report=other))
    attribute = plan.attributes.last()
    pending = make_plan(phase=make_phase("planning", cycle_report=make_cycle_report(**mine)))
    approval.submit(version=pending, actor=tester)
    job = make_job(tester)
    make_items(job, done=1, failed=1)
    document = take_document(
        cycle_report=other, kind="dictionary", name="d.csv", content=DICTIONARY, actor=tester
    )
    periodic, _ = PeriodicTask.objects.get_or_create(
        task="tests.tick", defaults={"schedule": "*/10 * * * *"}
    )
    issue = add_issue(attribute=attribute, actor=tester, issue_id="I-1")
    sample_set = make_sample_set(cycle_report=make_cycle_report(**mine), size=3)
    profile = Profile.objects.get(cycle_report=sample_set.phase.cycle_report)
    rule_set = profile.rule_set
    return {
        "assignment": owner.assignments.first().pk,
        "attribute": attribute.pk,
        "attributeprofile": profile.attribute_profiles.first().pk,
        "auditentry": Entry.objects.first().pk,
        "cycle": other.cycle_id,
        "cyclereport": other.pk,
        "document": document.pk,
        "issue": issue.pk,
        "job": job.pk,
        "modelcall": make_call(owner_id=tester.pk, job_id=job.pk).pk,
        "periodictask": periodic.pk,
        "phase": plan.phase_id,
        "plan": plan.pk,
        "population": profile.population_id,
        "profile": profile.pk,
        "profiling_phase": rule_set.phase_id,
        "queue": "default",
        "report": other.report_id,
        "rule": rule_set.rules.first().pk,
        "ruleresult": profile.results.first().pk,
        "ruleset": rule_set.pk,
        "sample": sample_set.samples.first().pk,
        "sampleset": sample_set.pk,
        "sampling_phase": sample_set.phase_id,
        "savedfilter": save_filter(owner=tester, name="Failed", query="status=failed").pk,
        "scope": scope.pk,
        "scopeitem": scope.items().last().pk,
        "scoping_phase": scope.phase_id,
        "token": create_token(user=tester, name="mine")[0].pk,
        "user": tester.pk,
    }
