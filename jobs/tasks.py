"""The engine's own task: keeps its tables no larger than the settings say."""

from jobs import JobRun, conf, retention, task

SLOT_DAYS = 30
WORKER_DAYS = 1


@task("jobs.prune", title="Delete old jobs", schedule="25 2 * * *", says=retention.deleted)
def prune(run: JobRun) -> dict[str, int]:
    """Jobs that ended long ago, slots of periodic tasks, and workers that stopped."""
    kept = (
        ("job", retention.prune_jobs, conf.KEEP_DAYS),
        ("slot", retention.prune_slots, SLOT_DAYS),
        ("worker", retention.prune_workers, WORKER_DAYS),
    )
    return {
        noun: retention.in_batches(run, lambda prune=prune, days=days: prune(days)) if days else 0
        for noun, prune, days in kept
    }
