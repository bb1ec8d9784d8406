"""Workers as operators look at them: who lives, what each does, when it last showed life."""

from datetime import timedelta

from django.db.models import (
    Count,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Sum,
)
from django.db.models.functions import Now

from jobs.heartbeat import LEASE_SECONDS
from jobs.models import Job, JobEvent, Worker
from jobs.states import Status

STOPPED_FOR = timedelta(days=1)
MOST_HOSTS = 200
ALIVE = Q(stopped_at__isnull=True)


def listed_workers(*, queue: str = "", host: str = "", stopped: bool = False) -> QuerySet[Worker]:
    """Workers that have not stopped, with `silent_for` by the database's clock.

    `stopped` adds those that did within the last day, at the end.
    """
    silent_for = ExpressionWrapper(Now() - F("beat_at"), output_field=DurationField())
    workers = Worker.objects.annotate(silent_for=silent_for)
    workers = workers.filter(ALIVE | Q(stopped_at__gte=Now() - STOPPED_FOR) if stopped else ALIVE)
    if queue:
        workers = workers.filter(queue=queue)
    if host:
        # What follows the slash tells two boots of a machine apart.
        workers = workers.filter(Q(host=host) | Q(host__startswith=f"{host}/"))
    return workers.order_by(F("stopped_at").desc(nulls_first=True), "queue", "host", "slot", "pk")


def with_jobs(workers: list[Worker]) -> list[Worker]:
    """The same with `job` (what each runs, or None) and `busy_since`, in two queries."""
    running = Job.objects.filter(worker__in=workers, status=Status.RUNNING)
    jobs = {job.worker_id: job for job in running.only("title", "subject_label", "worker_id")}
    claims = JobEvent.objects.filter(job__in=jobs.values(), name="claim")
    since = dict(claims.order_by("job", "-pk").distinct("job").values_list("job", "at"))
    for worker in workers:
        worker.job = jobs.get(worker.pk)
        worker.busy_since = since.get(worker.job.pk) if worker.job else None
    return workers


def counts(workers: QuerySet[Worker]) -> dict[str, int]:
    """Figures over those of them that have not stopped, in one query; memory in kB."""
    runs = Exists(Job.objects.filter(worker=OuterRef("pk"), status=Status.RUNNING))
    silent = Q(beat_at__lt=Now() - timedelta(seconds=LEASE_SECONDS))
    found = workers.order_by().filter(ALIVE)
    return found.aggregate(
        alive=Count("pk", filter=~silent),
        busy=Count("pk", filter=Q(runs)),
        silent=Count("pk", filter=silent),
        memory=Sum("memory_kb", default=0),
    )


def hosts() -> list[str]:
    """Names of the machines that have had workers lately, for the filter."""
    lately = Worker.objects.filter(ALIVE | Q(stopped_at__gte=Now() - STOPPED_FOR))
    found = lately.order_by("host").values_list("host", flat=True).distinct()[:MOST_HOSTS]
    return sorted({host.partition("/")[0] for host in found})
