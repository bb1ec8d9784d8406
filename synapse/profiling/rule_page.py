"""What the pages of rule sets show around their rules: facts, notices, and what may be done."""

from urllib.parse import urlencode

from django.http import QueryDict

from jobs.models import Job
from synapse.common.errors import DomainError
from synapse.cycles import rules as spine
from synapse.cycles.models import Phase
from synapse.cycles.selectors import steps
from synapse.cycles.states import REVISABLE
from synapse.planning.models import Plan
from synapse.profiling import rulebook
from synapse.profiling.models import Rule, RuleSet
from synapse.profiling.rule_submission import approved_plan
from synapse.profiling.selectors import rule_sets as selectors
from synapse.profiling.tasks.proposing import latest_job

SHOWN = 20
# Of a row's address, what is not a filter of the list it stands in.
FOCUS = ("rule", "page")


def rule_sets_part(phase: Phase, user) -> dict:
    """What `_rule_sets.html` shows."""
    versions = list(selectors.rule_sets_of(phase)[:SHOWN])
    for version in versions:
        version.phase = phase
    draft = next((each for each in versions if each.is_draft), None)
    newest = versions[0] if versions else None
    works = phase.is_in_progress and spine.can_work_on(user, phase.cycle_report)
    return {
        "rule_sets": versions,
        "rule_job": shown_job(draft, latest_job(draft)) if draft else None,
        "rules_plan": approved_plan(phase),
        "can_write_rules": works,
        "draft_rules": draft if works else None,
        "revisable_rules": newest if works and newest and newest.status in REVISABLE else None,
    }


def layout(rule_set: RuleSet, user) -> dict:
    """What layouts/phase.html needs, and what this person may do."""
    works = spine.can_work_on(user, rule_set.cycle_report)
    in_progress = rule_set.phase.is_in_progress
    return {
        "rule_set": rule_set,
        "version": rule_set,
        "phase": rule_set.phase,
        "cycle_report": rule_set.cycle_report,
        "steps": steps(rule_set.cycle_report),
        "can_edit": works and rule_set.is_draft,
        "can_withdraw": works and rule_set.is_pending,
        "can_revise": works and in_progress and rule_set.status in REVISABLE,
        "can_decide": rule_set.is_pending and spine.can_decide(user, rule_set),
    }


def review(rule_set: RuleSet, user) -> dict:
    """Everything of the detail page beside its rows and its panel."""
    context = layout(rule_set, user)
    job = latest_job(rule_set)
    proposing = bool(job and job.is_live)
    blocker, unfit = obstacles(rule_set) if context["can_edit"] else ("", {})
    if proposing:
        blocker = "Rules are being proposed; they come into this draft when that is done."
    return context | {
        "facts": facts(rule_set),
        "live_job": shown_job(rule_set, job),
        "proposing": proposing,
        "blocker": blocker,
        "unfit": unfit,
        "newer_plan": newer_plan(rule_set),
        "other_version": rule_set.number > 1,
    }


def obstacles(rule_set: RuleSet) -> tuple[str, dict[str, str]]:
    """Why a draft can't be submitted, in words, and each rule at fault with its reason."""
    try:
        rule_set.check_submittable()
    except DomainError as error:
        unfit = {each["pointer"].removeprefix("/rules/"): each["detail"] for each in error.errors}
        return error.message, unfit
    return "", {}


def newer_plan(rule_set: RuleSet) -> Plan | None:
    """The plan approved since; only of interest while these rules are open or in force."""
    if not (rule_set.is_open or rule_set.is_approved):
        return None
    current = approved_plan(rule_set.phase)
    return current if current and current.pk != rule_set.plan_id else None


def shown_job(rule_set: RuleSet, job: Job | None) -> Job | None:
    """The proposing while it lives, and afterwards if it went wrong."""
    if job is None or job.is_live:
        return job
    return job if rule_set.is_draft and (job.failed or job.status != "succeeded") else None


def facts(rule_set: RuleSet) -> list[dict]:
    """The figures, each leading to its rows."""
    count = selectors.counts(rule_set)
    return [
        _fact(rule_set, count["total"], "rules"),
        _fact(rule_set, count["on"], "switched on", enabled="true"),
        _fact(rule_set, count["off"], "switched off", enabled="false"),
        _fact(
            rule_set,
            count["unconditioned"],
            "need a condition",
            "warn" if count["unconditioned"] else "",
            needs_condition="true",
        ),
        _fact(rule_set, count["inferred"], "inferred", is_inferred="true"),
        _fact(rule_set, count["manual"], "by hand", source="manual"),
        {"value": count["weighty"], "label": "critical or high, on"},
    ]


def told(rules: list[Rule], rule_set: RuleSet, query: QueryDict) -> list[Rule]:
    """Each rule with its sentence, and the address of it in this list."""
    for rule in rules:
        rule.sentence = rulebook.sentence(rule.as_rule())
        rule.address = f"{rule_set.get_absolute_url()}?{_with(query, rule)}"
    return rules


def list_query(query: QueryDict) -> str:
    """The filters of a list, without what is in focus in it."""
    kept = query.copy()
    for name in FOCUS:
        kept.pop(name, None)
    return kept.urlencode()


def _with(query: QueryDict, rule: Rule) -> str:
    kept = query.copy()
    kept["rule"] = rule.pk
    return kept.urlencode()


def _fact(rule_set: RuleSet, value: int, label: str, colour: str = "", **filters: str) -> dict:
    query = f"?{urlencode(filters)}" if filters else ""
    url = f"{rule_set.get_absolute_url()}{query}"
    return {"value": value, "label": label, "url": url, "colour": colour}
