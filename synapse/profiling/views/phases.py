"""The page of a profiling phase: the way through it, and all that it holds."""

from dataclasses import dataclass

from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property
from django.views.generic import TemplateView

from synapse.common.views import PageMixin
from synapse.cycles.phases import PhaseKind
from synapse.cycles.selectors import visible_phases
from synapse.profiling import profile_page as page
from synapse.profiling import rules
from synapse.profiling.population_page import populations_part
from synapse.profiling.rule_page import rule_sets_part
from synapse.profiling.selectors import profiles as selectors
from synapse.profiling.tasks.profiling import latest_job

POPULATION, RULES, PROFILE, DONE = "population", "rules", "profile", "done"
SHOWN_PROFILES = 20


@dataclass(frozen=True)
class PathStep:
    """One of the three steps: how far it is, and where on the page it is done."""

    name: str
    label: str
    anchor: str
    status: str
    css: str
    is_next: bool


class PhaseDetailView(PageMixin, TemplateView):
    """Populations, rule sets and profiles in the order in which they are made."""

    template_name = "profiling/phase_detail.html"

    @cached_property
    def phase(self):
        phases = visible_phases(self.request.user).filter(kind=PhaseKind.PROFILING)
        return get_object_or_404(
            phases.select_related("cycle_report__report__owner", "cycle_report__tester"),
            pk=self.kwargs["pk"],
        )

    def get_context_data(self, **kwargs):
        phase, user = self.phase, self.request.user
        profiled, populated = profiles_part(phase, user), populations_part(phase, user)
        ruled = rule_sets_part(phase, user)
        context = page.frame(phase) | populated | ruled | profiled | way(phase, user, profiled)
        jobs = [*populated["population_jobs"], ruled["rule_job"], profiled["profile_job"]]
        return super().get_context_data(**context, live_jobs=[job for job in jobs if job], **kwargs)


def profiles_part(phase, user) -> dict:
    """What `_profiles.html` shows."""
    profiles = list(selectors.profiles_of(phase.cycle_report)[:SHOWN_PROFILES])
    # The newest alone: one that was left behind unfinished says nothing of what runs now.
    job = latest_job(profiles[0]) if profiles and not profiles[0].is_finished else None
    return {
        "profiles": profiles,
        "profile_job": job,
        "populations_ready": list(selectors.imported_populations(phase.cycle_report)),
        "approved_rules": selectors.approved_rules(phase),
        "can_profile": rules.can_profile(user, phase),
    }


def way(phase, user, profiled: dict) -> dict:
    """The three steps, and in words what comes next and who does it."""
    approved = profiled["approved_rules"]
    done = [
        bool(profiled["populations_ready"]),
        approved is not None,
        any(
            each.is_finished and approved and each.rule_set_id == approved.pk
            for each in profiled["profiles"]
        ),
    ]
    names = (POPULATION, RULES, PROFILE)
    following = next((name for name, is_done in zip(names, done, strict=True) if not is_done), DONE)
    words = (
        ("Population", "populations", "imported", "no file imported"),
        ("Rules", "rule-sets", "approved", "none approved"),
        ("Profile", "profiles", "finished", "not run"),
    )
    path = [
        PathStep(
            name=name,
            label=label,
            anchor=anchor,
            status=finished if is_done else missing,
            css="done" if is_done else "open now" if name == following else "",
            is_next=name == following,
        )
        for name, is_done, (label, anchor, finished, missing) in zip(
            names, done, words, strict=True
        )
    ]
    return {"path": path, "next_step": following, "next_text": next_text(phase, user, following)}


def next_text(phase, user, following: str) -> str:
    """What is to be done, said to whoever looks."""
    if not phase.is_in_progress:
        return ""
    tester = "you" if rules.can_profile(user, phase) else str(phase.cycle_report.tester)
    verb = "" if tester == "you" else "s"
    text = {
        POPULATION: f"{tester} upload{verb} the file of records, confirm{verb} how it is read, "
        "and let it be imported.",
        RULES: f"{tester} let{verb} rules be proposed, look{verb} through them and submit{verb} "
        f"them; {phase.cycle_report.report.owner} approves.",
        PROFILE: f"{tester} run{verb} the approved rules over the population.",
        DONE: f"{tester} look{verb} through the profile and complete{verb} profiling in the "
        "report's phases.",
    }[following]
    return text[0].upper() + text[1:]
