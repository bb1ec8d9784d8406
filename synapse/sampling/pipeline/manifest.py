"""The manifest of a run: what went in, what came out, and what made it."""

import json
import platform
from importlib.metadata import version as installed
from pathlib import Path

import django
from django.utils import timezone

from jobs.models import Job
from synapse.common.versions import Version
from synapse.sampling.pipeline.folder import MANIFEST, WRITER
from synapse.sampling.pipeline.outcome import Outcome, file_hash
from synapse.sampling.pipeline.walk import Walk


def write_manifest(folder: Path, walk: Walk, outcome: Outcome, written: dict[str, dict]) -> None:
    content = _content(walk, outcome, written)
    text = json.dumps(content, ensure_ascii=False, indent=2, default=str)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")


def _content(walk: Walk, outcome: Outcome, written: dict[str, dict]) -> dict:
    request, population, profile = walk.request, outcome.population, outcome.profile
    samples = outcome.sample_set
    return {
        "written_by": WRITER,
        "written_at": timezone.now().isoformat(timespec="seconds"),
        "report": request.report,
        "cycle_report": walk.cycle_report.pk,
        "seed": request.seed,
        "sample_size": samples.size,
        "inputs": {
            name: {"name": path.name, "size": path.stat().st_size, "sha256": file_hash(path)}
            for name, path in request.files.items()
        },
        "population": {
            "records": population.row_count,
            "rejected": population.rejected_count,
            "sha256": population.sha256,
            "content_sha256": population.content_sha256,
            "reading": population.reading,
        },
        "key": [
            attribute.name
            for attribute in outcome.plan.attributes.filter(is_key=True).order_by("key_order")
        ]
        or ["record number"],
        "counts": {
            "attributes": outcome.plan.attributes.count(),
            "rules": outcome.rule_set.rules.count(),
            "rules_run": profile.rules_run,
            "rules_refused": len(outcome.refused),
            "failing_records": profile.failing_records,
            "quality": profile.quality,
            "in_scope": outcome.scope.scope_items.filter(in_scope=True).count(),
            "samples": written["samples.csv"]["rows"],
        },
        "sampling": samples.report,
        "versions": {
            "plan": _version(outcome.plan),
            "rule_set": _version(outcome.rule_set),
            "profile": {"id": profile.pk, "number": profile.number},
            "scope": _version(outcome.scope),
            "sample_set": _version(samples),
        },
        "files": written,
        "jobs": [_job(job) for job in walk.follower.jobs],
        "seconds": walk.seconds,
        "software": {
            "python": platform.python_version(),
            "django": django.get_version(),
            "duckdb": installed("duckdb"),
            "ibis": installed("ibis-framework"),
        },
    }


def _version(version: Version) -> dict:
    return {"id": version.pk, "number": version.number, "content_hash": version.content_hash}


def _job(job: Job) -> dict:
    seconds = (job.finished_at - job.started_at).total_seconds() if job.started_at else None
    return {"id": job.pk, "task": job.task, "attempts": job.attempt, "seconds": seconds}
