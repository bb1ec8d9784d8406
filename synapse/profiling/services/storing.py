"""Keeps what the steps of a profile found, each in the caller's short transaction."""

from typing import Any

from django.db.models import F
from django.utils import timezone

from synapse.audit.services import record
from synapse.profiling import rulebook
from synapse.profiling.models import AttributeProfile, Profile, RuleResult
from synapse.profiling.profile_states import ResultStatus
from synapse.profiling.rulebook.counts import ERROR, OK
from synapse.profiling.services.running import SUMS, Found, Ground

LONGEST_MESSAGE = 500


def store(read: Ground, payload: dict[str, Any], found: Found, *, actor) -> None:
    """Adds one step to the profile. Counts add up over the parts; the fence of the caller's
    commit sees to it that a step is added once.
    """
    profile = Profile.objects.select_for_update(no_key=True).get(pk=read.profile.pk)
    if payload["kind"] == SUMS:
        _finish(profile, read, found, actor)
        return
    for count in found.counts:
        _add(profile, count)
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


def _add(profile: Profile, count: rulebook.RuleCount) -> None:
    rows = RuleResult.objects.filter(profile=profile, rule__rule_id=count.rule_id)
    changed = {
        name: F(name) + getattr(count, name)
        for name in ("checked", "failed", "not_applicable", "error")
    }
    if count.status == ERROR:
        changed["status"] = ResultStatus.ERROR
        changed["message"] = count.message[:LONGEST_MESSAGE]
    rows.update(**changed)


def _keep_measures(profile: Profile, read: Ground, found: Found) -> None:
    columns = {column.name: column for column in read.columns}
    AttributeProfile.objects.bulk_create(
        AttributeProfile(
            profile=profile,
            attribute_id=columns[each.column].attribute_id,
            position=columns[each.column].position,
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
    for each in profile.attribute_profiles.all():
        about = [rule for rule in read.rules if each.column in rule.attributes]
        quality = rulebook.quality_of([counts[rule.rule_id] for rule in about], about)
        AttributeProfile.objects.filter(pk=each.pk).update(quality=quality)
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
