"""Keeps what the steps of a profile found, each in the caller's short transaction."""

from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from synapse.audit.services import record
from synapse.common.rewriting import rewrite
from synapse.profiling import rulebook
from synapse.profiling.models import AttributeProfile, Profile, RuleResult
from synapse.profiling.profile_states import ResultStatus
from synapse.profiling.rulebook.counts import ERROR, OK
from synapse.profiling.services.running import SUMS, Found, Ground

LONGEST_MESSAGE = 500
COUNTS = ("checked", "failed", "not_applicable", "error")


def store(read: Ground, payload: dict[str, Any], found: Found, *, actor) -> None:
    """Adds one step to the profile. Counts add up over the parts; the fence of the caller's
    commit sees to it that a step is added once.
    """
    profile = Profile.objects.select_for_update(no_key=True).get(pk=read.profile.pk)
    if payload["kind"] == SUMS:
        _finish(profile, read, found, actor)
        return
    if found.counts:
        _add(profile, found.counts)
    if found.file:
        profile.failure_files = sorted({*profile.failure_files, found.file})
        profile.save(update_fields=["failure_files"])
    if found.measured:
        _keep_measures(profile, read, found)


def summary(profile_id: int) -> dict[str, Any]:
    """What the job tells at its end."""
    profile = Profile.objects.get(pk=profile_id)
    return {
        "records": profile.record_count,
        "rules": profile.rules_run,
        "failing_records": profile.failing_records,
        "quality": None if profile.quality is None else str(profile.quality),
    }


def _add(profile: Profile, counts: Sequence[rulebook.RuleCount]) -> None:
    """One query to read and one to write, however many rules; the profile's row is locked."""
    by_rule = {count.rule_id: count for count in counts}
    rows = list(profile.results.select_related("rule").filter(rule__rule_id__in=by_rule))
    for row in rows:
        count = by_rule[row.rule.rule_id]
        for name in COUNTS:
            setattr(row, name, getattr(row, name) + getattr(count, name))
        if count.status == ERROR:
            row.status, row.message = ResultStatus.ERROR, count.message[:LONGEST_MESSAGE]
    RuleResult.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["profile", "rule"],
        update_fields=[*COUNTS, "status", "message"],
    )


def _keep_measures(profile: Profile, read: Ground, found: Found) -> None:
    positions = {column.name: column.position for column in read.columns}
    AttributeProfile.objects.bulk_create(
        AttributeProfile(
            profile=profile,
            attribute=read.attributes.get(each.column),
            position=positions[each.column],
            column=each.column,
            rows=each.rows,
            blank=each.blank,
            unreadable=each.unreadable,
            distinct=each.distinct,
            minimum=each.minimum or "",
            maximum=each.maximum or "",
            quantiles=each.quantiles,
            top_values=[{"value": value, "count": count} for value, count in each.top_values],
            shortest=each.shortest,
            longest=each.longest,
        )
        for each in found.measured
    )


def _finish(profile: Profile, read: Ground, found: Found, actor) -> None:
    counts = _counts(profile)
    about: dict[str, list[rulebook.Rule]] = {}
    for rule in read.rules:
        for column in rule.attributes:
            about.setdefault(column, []).append(rule)
    measured = list(profile.attribute_profiles.filter(column__in=about))
    for each in measured:
        rules = about[each.column]
        each.quality = rulebook.quality_of([counts[rule.rule_id] for rule in rules], rules)
    rewrite(measured, ["quality"])
    profile.quality = rulebook.quality_of(counts.values(), read.rules)
    profile.failing_records = found.failing_records
    profile.finished_at = timezone.now()
    profile.save(update_fields=["quality", "failing_records", "finished_at"])
    record(
        actor=actor,
        action="profile.finish",
        obj=profile,
        after={
            "records": profile.record_count,
            "failing_records": profile.failing_records,
            "quality": None if profile.quality is None else str(profile.quality),
        },
        cycle_report=profile.cycle_report,
    )


def _counts(profile: Profile) -> dict[str, rulebook.RuleCount]:
    rows = profile.results.select_related("rule")
    return {
        row.rule.rule_id: rulebook.RuleCount(
            rule_id=row.rule.rule_id,
            checked=row.checked,
            failed=row.failed,
            not_applicable=row.not_applicable,
            error=row.error,
            status=ERROR if row.status == ResultStatus.ERROR else OK,
        )
        for row in rows
    }
