"""What the pages of a profile show around their rows."""

from urllib.parse import urlencode

from django.urls import reverse

from synapse.cycles.models import Phase
from synapse.cycles.phases import PhaseKind
from synapse.cycles.selectors import steps
from synapse.profiling import rulebook
from synapse.profiling.models import AttributeProfile, Profile, RuleResult
from synapse.profiling.profile_exports import QUANTILES
from synapse.profiling.profile_filters import Outcome
from synapse.profiling.selectors import profiles as selectors

PERCENT = 100


def frame(phase: Phase) -> dict:
    """Where one is: for `layouts/phase.html`."""
    cycle_report = phase.cycle_report
    return {"phase": phase, "cycle_report": cycle_report, "steps": steps(cycle_report)}


def phase_of(profile: Profile) -> Phase:
    return profile.cycle_report.phases.select_related(
        "cycle_report__cycle", "cycle_report__report__owner", "cycle_report__tester"
    ).get(kind=PhaseKind.PROFILING)


def tabs(profile: Profile, current: str) -> list[dict]:
    names = [
        ("profile_detail", "Rules", profile.rules_run),
        ("profile_attributes", "Columns", len(profile.population.columns)),
        ("profile_failures", "Failing records", profile.failing_records),
    ]
    return [
        {
            "label": label,
            "count": count,
            "url": reverse(f"profiling:{name}", args=[profile.pk]),
            "current": name == current,
        }
        for name, label, count in names
    ]


def facts(profile: Profile) -> list[dict]:
    """The figures, each leading to its rows."""
    counted = selectors.totals(profile)
    quality = "no data" if profile.quality is None else f"{profile.quality.normalize():f}"
    rows = [
        {"value": quality, "label": "data quality of 100"},
        _fact(profile, "profile_failures", profile.failing_records, "failing records", alarm=True),
        {
            "value": profile.record_count,
            "label": "records",
            "url": profile.population.get_absolute_url(),
        },
        _fact(profile, "profile_detail", counted["rules"], "rules run"),
        _outcome(profile, counted["failing"], "rules with failures", Outcome.FAILING),
        _outcome(profile, counted["clean"], "rules without", Outcome.CLEAN),
    ]
    if counted["idle"]:
        label = "rules with nothing to check"
        rows.append(_outcome(profile, counted["idle"], label, Outcome.IDLE))
    if counted["unreadable"] > counted["broken"]:
        unreadable = counted["unreadable"] - counted["broken"]
        label = "rules with unreadable values"
        rows.append(_outcome(profile, unreadable, label, Outcome.UNREADABLE, "warn"))
    if counted["broken"]:
        label = "rules that could not be run"
        rows.append(_outcome(profile, counted["broken"], label, Outcome.BROKEN, "bad"))
    return rows


def explained(results: list[RuleResult]) -> list[RuleResult]:
    """Each result with its rule as a sentence and the share that failed, for a row of the table."""
    for result in results:
        result.sentence = rulebook.sentence(result.rule.as_rule())
        result.percent = _percent(result.failed, result.checked)
    return results


def described(profiles: list[AttributeProfile]) -> list[AttributeProfile]:
    for each in profiles:
        each.blank_percent = _percent(each.blank, each.rows)
    return profiles


def panel(profile: Profile, focus: AttributeProfile | None) -> dict:
    """One column: its spread, its most frequent values, and the rules about it."""
    if focus is None:
        return {"focus": None}
    described([focus])
    top = [each | {"percent": _percent(each["count"], focus.rows)} for each in focus.top_values]
    about = profile.results.select_related("rule").filter(rule__attributes__contains=focus.column)
    return {
        "focus": focus,
        "top": top,
        "quantiles": [
            (name, focus.quantiles[name]) for name in QUANTILES if name in focus.quantiles
        ],
        "about": explained(list(about.order_by("-failed", "rule__position"))),
    }


def _fact(profile: Profile, name: str, value, label: str, *, alarm: bool = False) -> dict:
    colour = ("bad" if value else "ok") if alarm else ""
    url = reverse(f"profiling:{name}", args=[profile.pk])
    return {"value": value, "label": label, "url": url, "colour": colour}


def _outcome(profile: Profile, value: int, label: str, outcome: str, colour: str = "") -> dict:
    address = reverse("profiling:profile_detail", args=[profile.pk])
    query = urlencode({"outcome": outcome})
    return {"value": value, "label": label, "url": f"{address}?{query}", "colour": colour}


def _percent(part: int, whole: int) -> str:
    """To one decimal; what is more than nothing and less than all never reads as 0 or 100."""
    if not whole:
        return ""
    tenths = part * PERCENT * 10 // whole
    if part and not tenths:
        return "< 0.1"
    return f"{tenths // 10}.{tenths % 10}" if tenths % 10 else str(tenths // 10)
