"""Planning: dictionary, specification and lists become an approved plan."""

from pathlib import Path

import llm
from jobs.models import Job
from synapse.cycles.phases import PhaseKind
from synapse.planning import tasks
from synapse.planning.errors import NoModelConfigured
from synapse.planning.models import Attribute, Document, Plan
from synapse.planning.services.drafting import OPERATION
from synapse.planning.services.editing import edit_attribute
from synapse.planning.services.flagging import apply_list
from synapse.planning.services.importing import Choices, import_dictionary
from synapse.planning.services.plans import start_plan
from synapse.planning.states import DocumentKind
from synapse.profiling.columns import Names
from synapse.sampling.pipeline.identifier import find_identifier
from synapse.sampling.pipeline.request import Request
from synapse.sampling.pipeline.schedules import fitting_schedule
from synapse.sampling.pipeline.walk import Walk


def require_model(request: Request) -> None:
    """A specification is read by a model alone: nothing is guessed without one."""
    if request.spec and not llm.provider_label(OPERATION):
        raise NoModelConfigured


def make_plan(walk: Walk) -> Plan:
    phase = walk.start(PhaseKind.PLANNING)
    plan = start_plan(phase=phase, actor=walk.tester)
    with walk.step("dictionary"):
        _import(walk, plan)
    if walk.request.spec:
        with walk.step("specification"):
            document, text = _take_in(walk, DocumentKind.SPECIFICATION, walk.request.spec)
            if text:
                walk.follow(text)
            job = tasks.start_drafting(plan=plan, document=document, actor=walk.tester)
            walk.follow(job)
    with walk.step("lists"):
        for kind, path in (
            (DocumentKind.CDE_LIST, walk.request.cde),
            (DocumentKind.ISSUE_LIST, walk.request.issues),
        ):
            if path:
                _flag(walk, plan, kind, path)
    with walk.step("key"):
        _mark_keys(walk, plan)
    with walk.step("plan approval"):
        plan = walk.through_approval(plan)
    walk.complete(PhaseKind.PLANNING)
    return plan


def _take(walk: Walk, kind: str, path: Path) -> Document:
    return _take_in(walk, kind, path)[0]


def _take_in(walk: Walk, kind: str, path: Path) -> tuple[Document, Job | None]:
    return tasks.take_in(
        cycle_report=walk.cycle_report,
        kind=kind,
        name=path.name,
        content=path.read_bytes(),
        actor=walk.tester,
    )


def _import(walk: Walk, plan: Plan) -> None:
    document = _take(walk, DocumentKind.DICTIONARY, walk.request.dictionary)
    schedule = fitting_schedule(walk.request.dictionary, walk.request.population)
    if schedule:
        walk.say(f"  the population's columns are those of schedule {schedule}")
    # Keys are the run's to choose: named by the caller, or found in the population.
    choices = Choices(keys=[], schedule=schedule)
    if tasks.is_large(document):
        job = tasks.start_import(plan=plan, document=document, actor=walk.tester, choices=choices)
        walk.follow(job)
    else:
        import_dictionary(plan=plan, document=document, actor=walk.tester, choices=choices)
    walk.say(f"  {plan.attributes.count()} attributes from {document.name}")


def _flag(walk: Walk, plan: Plan, kind: str, path: Path) -> None:
    document = _take(walk, kind, path)
    result = apply_list(plan=plan, document=document, actor=walk.tester)
    walk.say(f"  {document.name}: {len(result.applied)} attributes flagged")
    for entry in result.unmatched:
        walk.say(f"  {document.name}, row {entry.row}: “{entry.label}” matches no attribute surely")


def _mark_keys(walk: Walk, plan: Plan) -> None:
    attributes = list(plan.attributes.order_by("position", "pk"))
    if walk.request.key:
        names = Names(attributes)
        ids = [names.attribute_id(name) for name in walk.request.key]
    else:
        ids = find_identifier(walk.request.population, attributes)
    known = {attribute.pk: attribute for attribute in attributes}
    for attribute_id in dict.fromkeys(ids):
        _mark(walk, known[attribute_id])
    named = ", ".join(known[attribute_id].name for attribute_id in ids)
    walk.say(f"  records are told apart by {named or 'their record number'}")


def _mark(walk: Walk, attribute: Attribute) -> None:
    edit_attribute(
        attribute=attribute,
        actor=walk.tester,
        lock_version=attribute.lock_version,
        is_key=True,
        reason="Chosen by the pipeline run.",
    )
