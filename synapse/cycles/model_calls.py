"""What the spine knows of model calls: who may see which, whose they are, what came of them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import reduce

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q, QuerySet
from django.urls import reverse

from jobs.models import Job, JobItem
from jobs.selectors import may_watch
from llm.models import LLMCall
from llm.surroundings import Fact, Surroundings
from synapse.accounts.models import User
from synapse.audit import services as audit
from synapse.common.queries import number_in
from synapse.cycles import phases, selectors
from synapse.cycles.models import Report

OF_REPORT = "report:"


@dataclass(frozen=True)
class Results:
    """The rows of a phase that carry the number of the call they came of, in `llm_call_id`.

    `rows(cycle_reports)` are those in the cycle-reports of these numbers; `fact(row)` is what
    one is called.
    """

    rows: Callable[[list[int]], QuerySet]
    fact: Callable[[object], Fact]


_results: list[Results] = []


def register_results(**functions) -> None:
    """Called in the `AppConfig.ready` of an app whose rows come of calls."""
    _results.append(Results(**functions))


class SpineSurroundings(Surroundings):
    api_view = "synapse.common.api.ApiViewSet"

    def visible(self, user) -> Q:
        """One's own, those of jobs about versions one may see, and those such versions name.

        The last outlive their jobs, which are kept for a shorter time than calls. Each part is
        found by an index of its own.
        """
        seen = _seen(user)
        calls = LLMCall.objects.order_by()
        parts = [calls.filter(owner_id=user.pk).values("pk")]
        for kind in phases.ORDER:
            hooks = phases.hooks_of(kind)
            if hooks and hooks.version_model:
                about = _jobs_about(hooks.version_model(), seen)
                parts.append(calls.filter(job_id__in=about).values("pk"))
        for results in _results:
            rows = results.rows(seen).filter(llm_call_id__isnull=False)
            parts.append(rows.order_by().values("llm_call_id"))
        return Q(pk__in=reduce(lambda one, other: one.union(other), parts))

    def people(self, ids: Iterable[int]) -> dict[int, str]:
        return {user.pk: str(user) for user in User.objects.filter(pk__in=ids)}

    def people_called(self, name: str) -> list[int]:
        """Their user name, last name, address or number."""
        found = Q(username__iexact=name) | Q(last_name__iexact=name) | Q(email__iexact=name)
        if number_in(name):
            found |= Q(pk=number_in(name))
        return [*User.objects.filter(found).values_list("pk", flat=True)]

    def data_owners(self, names: Iterable[str]) -> dict[str, str]:
        reports = Report.objects.in_bulk([pk for pk in map(_report_id, names) if pk])
        return {f"{OF_REPORT}{pk}": str(report) for pk, report in reports.items()}

    def data_owner_choices(self, user) -> list[tuple[str, str]]:
        reports = selectors.visible_reports(user).select_related(None).order_by("name")
        return [(f"{OF_REPORT}{report.pk}", str(report)) for report in reports]

    def facts(self, call: LLMCall, user) -> list[Fact]:
        return [*_job_facts(call, user), *_person(call, user), *_report(call, user)]

    def results(self, call: LLMCall, user) -> list[Fact]:
        # By the report: no index leads from a call to the rows it gave.
        seen = _seen(user, report=_report_id(call.data_owner))
        return [
            results.fact(row)
            for results in _results
            for row in results.rows(seen).filter(llm_call_id=call.pk).order_by("-version", "pk")
        ]

    def payload_opened(self, call: LLMCall, user) -> None:
        audit.record(actor=user, action="model_call.payload_opened", obj=call)


def _seen(user, report: int | None = None) -> list[int]:
    """The cycle-reports that the user may see, of one report or of all."""
    found = selectors.visible_cycle_reports(user).order_by()
    found = found.filter(report=report) if report else found
    return [*found.values_list("pk", flat=True)]


def _jobs_about(model, cycle_reports: list[int]) -> QuerySet:
    versions = model.objects.filter(phase__cycle_report__in=cycle_reports).order_by()
    kind = ContentType.objects.get_for_model(model)
    return Job.objects.filter(subject_type=kind, subject_id__in=versions.values("pk")).values("pk")


def _report_id(data_owner: str) -> int | None:
    number = data_owner.removeprefix(OF_REPORT)
    return int(number) if number != data_owner and number.isdecimal() else None


def _job_facts(call: LLMCall, user) -> list[Fact]:
    if not call.job_id:
        return []
    job = Job.objects.filter(pk=call.job_id).first()
    if job is None:
        return [("Job", f"{call.job_id}, no longer kept", "")]
    watched = may_watch(user, job)
    link = reverse("jobs:job_detail", args=[job.pk]) if watched else ""
    facts = [("Job", f"{job.title}, {job.pk}", link)]
    if job.subject_label:
        facts.append(("About", job.subject_label, job.result_url if watched else ""))
    if call.item_key:
        item = JobItem.objects.filter(job=job, key=call.item_key).first()
        facts.append(("Item", item.label if item else call.item_key, ""))
    return facts


def _person(call: LLMCall, user) -> list[Fact]:
    person = User.objects.filter(pk=call.owner_id).first() if call.owner_id else None
    if person is None:
        return [("Asked for", "the system" if call.owner_id is None else "somebody removed", "")]
    link = reverse("accounts:user_detail", args=[person.pk]) if user.is_staff else ""
    return [("Asked for", str(person), link)]


def _report(call: LLMCall, user) -> list[Fact]:
    number = _report_id(call.data_owner)
    report = Report.objects.filter(pk=number).first() if number else None
    if report is None:
        return [("Whose data", call.data_owner or "nobody's", "")]
    seen = selectors.visible_reports(user).filter(pk=report.pk).exists()
    link = reverse("cycles:report_detail", args=[report.pk]) if seen else ""
    return [("Whose data", str(report), link)]
