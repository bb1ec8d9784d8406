"""A durable job engine: declare with `task`, start with `enqueue`, work through `JobRun`.

    @task("scoping.recommend", queue="llm", title="Recommend scope", timeout=1800)
    def recommend(run: JobRun, *, version_id: int) -> dict:
        # Read, and say what there is to do; the rows are made once, also when it runs again.
        items = run.plan(lambda: [PlannedItem(key) for key in keys(version_id)])
        # Ask, eight at a time; meanwhile no transaction is open and no connection held.
        for item, answer in run.map(ask, items, concurrency=8):
            # Store: your rows, the item's state and the counters in one short transaction, once.
            with run.commit(item):
                store(version_id, item.key, answer)
        return {"version": version_id}

    def start_recommendation(*, version, actor) -> Job:
        # In the caller's transaction; AlreadyRunning if one is alive for this subject.
        return enqueue(recommend, subject=version, owner=actor, version_id=version.pk)

Work without a model loops over `run.plan(...)` itself; long stretches between items call
`run.step("Reading page 7")`. A run may end at each of these calls, to be cancelled, paused, stopped
or taken over, and goes on with the items that are left: never catch BaseException there. An error
says by its attributes what becomes of the job: `code`, `message`, `retryable`, `retry_at`.
"""

from importlib import import_module

_PUBLIC = {
    "task": "jobs.registry",
    "enqueue": "jobs.enqueuing",
    "JobRun": "jobs.run",
    "PlannedItem": "jobs.items",
    "Item": "jobs.items",
    "AlreadyRunning": "jobs.errors",
    "JobsError": "jobs.errors",
}

__all__ = sorted(_PUBLIC)


def __getattr__(name: str):
    # Lazy, because models can't be imported before Django's app registry is ready.
    if name in _PUBLIC:
        return getattr(import_module(_PUBLIC[name]), name)
    raise AttributeError(f"module 'jobs' has no attribute {name!r}")
