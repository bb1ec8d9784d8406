"""Every page of the product with somebody who has reason to look at it, in a telling state."""

from datetime import UTC, datetime

from django.urls import reverse

from jobs import control, enqueue
from jobs.clock import Clock
from jobs.models import PeriodicTask
from jobs.saved import save_filter
from jobs.states import Status
from synapse.common.embedded import BASE_DIR
from synapse.cycles.services import approval
from synapse.planning.models import Attribute, Document, Plan
from synapse.planning.services.documents import take_document
from synapse.planning.services.plans import start_plan
from synapse.planning.states import DocumentKind
from synapse.scoping.models import Scope
from synapse.scoping.services import decisions
from synapse.scoping.states import Decision
from synapse.scoping.tasks import start_recommendation
from tests.browser.call_pages import call_pages
from tests.browser.data_pages import profiling_pages, sampling_pages
from tests.browser.world import (
    World,
    another,
    finished,
    make_world,
    phase_of,
    seen,
    started,
    status,
)
from tests.chaos.tasks import sleep
from tests.factories.accounts import make_user
from tests.factories.planning import make_plan
from tests.factories.scoping import make_scope
from tests.support.workers import wait_for

FAR_OFF = datetime(2100, 1, 1, tzinfo=UTC)
BUILTIN = BASE_DIR / "synapse/planning/builtin"


def all_pages() -> dict[str, tuple]:
    """Name -> (user, address). Wants workers of the default, the llm and the batch queue."""
    world = make_world(scoped=True)
    listed = spine_pages(world) | account_pages(world) | job_pages(world)
    listed |= operator_pages(world)
    listed |= planning_pages(world) | scoping_pages(world)
    listed |= profiling_pages(world) | sampling_pages(world) | call_pages(world)
    return {
        name: (user, reverse(name.partition(" ")[0], args=args) + query)
        for name, (user, args, query) in listed.items()
    }


def spine_pages(world: World) -> dict:
    cycle_report = world.cycle_report
    report, cycle = cycle_report.report, cycle_report.cycle
    lead = world.executive
    return {
        "help": seen(world.tester),
        "cycles:home": seen(world.owner),
        "cycles:home empty": seen(world.stranger),
        "cycles:report_list": seen(lead),
        "cycles:report_create": seen(world.admin),
        "cycles:report_detail": seen(lead, report.pk),
        "cycles:report_update": seen(world.admin, report.pk),
        "cycles:cycle_list": seen(lead),
        "cycles:cycle_create": seen(lead),
        "cycles:cycle_detail": seen(lead, cycle.pk),
        "cycles:cycle_update": seen(lead, cycle.pk),
        "cycles:cycle_report_create": seen(lead, cycle.pk),
        "cycles:cycle_report_list": seen(world.tester),
        "cycles:cycle_report_detail": seen(world.tester, cycle_report.pk),
        "cycles:cycle_report_history": seen(world.tester, cycle_report.pk),
        "cycles:tester_assign": seen(lead, cycle_report.pk),
        "cycles:phase_skip": seen(world.tester, phase_of(cycle_report, "sampling").pk),
        "cycles:phase_reopen": seen(lead, phase_of(cycle_report, "planning").pk),
        "cycles:phase_plan": seen(lead, phase_of(cycle_report, "sampling").pk),
    }


def account_pages(world: World) -> dict:
    person = make_user("gone")
    return {
        "accounts:login": seen(None),
        "accounts:own_password": seen(world.tester),
        "accounts:token_list": seen(world.tester),
        "accounts:user_list": seen(world.admin),
        "accounts:user_create": seen(world.admin),
        "accounts:user_detail": seen(world.admin, person.pk),
        "accounts:user_update": seen(world.admin, person.pk),
        "accounts:user_roles": seen(world.admin, person.pk),
        "accounts:user_password": seen(world.admin, person.pk),
        "accounts:user_deactivate": seen(world.admin, person.pk),
        "audit:entry_list": seen(world.admin),
    }


def job_pages(world: World) -> dict:
    """One that ended well, one that failed, one that still runs."""
    owner = world.tester
    done = enqueue(sleep, owner=owner, seconds=0.4, step=0.1)
    finished(done)
    failed = enqueue(sleep, owner=owner, seconds=0.1, step=0)
    wait_for(lambda: status(failed) in {Status.FAILED, Status.WAITING}, 60, "a job fails")
    live = enqueue(sleep, owner=owner, seconds=900, step=1)
    wait_for(lambda: status(live) == Status.RUNNING, 60, "a job runs")
    later = enqueue(sleep, owner=owner, start_at=FAR_OFF, seconds=1, step=1)
    paused = control.pause(later, actor=owner)
    kept = save_filter(owner=owner, name="My failures", query="status=failed")
    return {
        "jobs:job_list": seen(owner),
        "jobs:job_list filtered": seen(owner, query="?status=failed"),
        "jobs:job_list nothing": seen(owner, query="?search=nothing&created_from=soon"),
        "jobs:job_list of all": seen(world.admin, query="?whose=all"),
        "jobs:savedfilter_list": seen(owner),
        "jobs:savedfilter_create": seen(owner, query="?status=live&search=Sleep"),
        "jobs:savedfilter_delete": seen(owner, kept.pk),
        "jobs:job_detail paused": seen(owner, paused.pk),
        "jobs:job_detail": seen(owner, done.pk),
        "jobs:job_detail failed": seen(owner, failed.pk),
        "jobs:job_detail live": seen(owner, live.pk),
        "jobs:job_cancel": seen(owner, live.pk),
    }


def operator_pages(world: World) -> dict:
    """What staff see of a running installation: its own workers, queues and clock."""
    admin = world.admin
    Clock().turn()  # as a cluster does: its tasks are declared, and none is due yet
    periodic = PeriodicTask.objects.first()
    return {
        "jobs:worker_list": seen(admin),
        "jobs:worker_list stopped": seen(admin, query="?stopped=on"),
        "jobs:worker_list nothing": seen(admin, query="?queue=batch&host=none&stopped=on"),
        "jobs:queue_list": seen(admin),
        "jobs:queue_detail": seen(admin, "llm"),
        "jobs:queue_pause": seen(admin, "llm"),
        "jobs:periodictask_list": seen(admin),
        "jobs:periodictask_stop": seen(admin, periodic.pk),
    }


def planning_pages(world: World) -> dict:
    tester, owner = world.tester, world.owner
    plan = make_plan(phase=started(another(world, "A.1"), "planning"))
    attribute = plan.attributes.first()
    dictionary, cdes, text = (
        take_document(
            cycle_report=plan.cycle_report, kind=kind, name=name, content=content, actor=tester
        )
        for kind, name, content in [
            (DocumentKind.DICTIONARY, "d1.csv", (BUILTIN / "fr_y14m_d1.csv").read_bytes()),
            (DocumentKind.CDE_LIST, "cde.csv", (BUILTIN / "fr_y14m_d1_cde.csv").read_bytes()),
            (DocumentKind.SPECIFICATION, "spec.md", b"# Fields\n\n## Balance\n\nThe balance.\n"),
        ]
    )
    quoted, doubted = drafted_attributes(plan, text)
    pending = make_plan(phase=started(another(world, "B.1"), "planning"))
    approval.submit(version=pending, actor=tester, note="Ready for you.")
    waiting = another(world, "C.1")
    empty = start_plan(phase=started(another(world, "E.1"), "planning"), actor=tester)
    approved = Plan.objects.get(phase__cycle_report=world.scoped.cycle_report)
    return {
        "planning:plan_list": seen(tester),
        "planning:phase_detail": seen(tester, started(waiting, "planning").pk),
        "planning:plan_detail": seen(tester, plan.pk),
        "planning:plan_detail empty": seen(tester, empty.pk),
        "planning:plan_detail focus": seen(tester, plan.pk, query=f"?attribute={attribute.pk}"),
        "planning:plan_detail unsupported": seen(
            tester, plan.pk, query=f"?support=unsupported&attribute={doubted.pk}"
        ),
        "planning:plan_detail pending": seen(owner, pending.pk),
        "planning:plan_detail approved": seen(tester, approved.pk),
        "planning:plan_submit": seen(tester, plan.pk),
        "planning:plan_withdraw": seen(tester, pending.pk),
        "planning:plan_approve": seen(owner, pending.pk),
        "planning:plan_reject": seen(owner, pending.pk),
        "planning:plan_revise": seen(tester, approved.pk),
        "planning:document_upload": seen(tester, plan.pk),
        "planning:document_detail": seen(tester, plan.pk, dictionary.pk),
        "planning:document_detail list": seen(tester, plan.pk, cdes.pk),
        "planning:document_detail specification": seen(tester, plan.pk, text.pk),
        "planning:attribute_create": seen(tester, plan.pk),
        "planning:attribute_edit": seen(tester, plan.pk, attribute.pk),
        "planning:attribute_source": seen(tester, plan.pk, quoted.pk),
        "planning:attribute_source unsupported": seen(tester, plan.pk, doubted.pk),
        "planning:attribute_settle": seen(tester, plan.pk, doubted.pk),
        "planning:attribute_delete": seen(tester, plan.pk, attribute.pk),
        "planning:issue_create": seen(tester, plan.pk, attribute.pk),
    }


def drafted_attributes(plan: Plan, text: Document) -> list[Attribute]:
    """One that its document bears out, and one that it doesn't."""
    drafted = {"version": plan, "position": 20, "source": "model", "document": text}
    quote = "Balance\n\nThe balance."
    return [
        Attribute.objects.create(
            **drafted, name="Balance", quote=quote, quote_place="Balance, line 3", quote_line=3,
            quote_start=13, dictionary_match="alike", dictionary_field="Cycle Ending Balance",
        ),
        Attribute.objects.create(
            **drafted, name="Fields", quote="Fields: all that is reported", quote_line=1,
            support="unsupported", support_fault="the quote doesn't occur in the text",
            dictionary_match="absent", simulated=True,
        ),
    ]  # fmt: skip


def scoping_pages(world: World) -> dict:
    tester, owner, scope = world.tester, world.owner, world.scoped
    job = start_recommendation(scope=scope, actor=tester, by="estimated")
    finished(job)
    scope.refresh_from_db()
    items = scope.scope_items.filter(attribute__is_key=False)
    judged = list(items.order_by("-score")[:12])
    decide(scope, tester, judged)
    pending = make_scope(cycle_report=another(world, "D.2"))
    decide(pending, tester, pending.scope_items.filter(attribute__is_key=False), Decision.INCLUDE)
    approval.submit(version=pending, actor=tester)
    fresh = another(world, "F.1")
    item = judged[0]
    pages = {
        "scoping:phase_detail": seen(tester, phase_of(fresh, "scoping").pk),
        "scoping:scope_detail": seen(tester, scope.pk),
        "scoping:scope_detail filtered": seen(tester, scope.pk, query="?cde=on&sort=-score"),
        "scoping:scope_detail pending": seen(owner, pending.pk),
        "scoping:item_detail": seen(tester, scope.pk, item.pk),
        "scoping:item_history": seen(tester, scope.pk, item.pk),
        "scoping:scope_compare": seen(tester, scope.pk),
        "scoping:scope_versions": seen(tester, scope.pk),
        "scoping:plan_take_over": seen(tester, scope.pk),
    }
    for name in ("policy", "submit", "revise"):
        pages[f"scoping:scope_{name}"] = seen(tester, scope.pk)
    for name in ("withdraw", "approve", "reject"):
        pages[f"scoping:scope_{name}"] = seen(tester if name == "withdraw" else owner, pending.pk)
    return pages


def decide(scope: Scope, actor, items, decision=Decision.FOLLOW) -> None:
    decisions.decide_many(
        scope=scope,
        actor=actor,
        item_ids=[item.pk for item in items],
        decision=decision,
        reason="Seen with the owner.",
    )
