"""Events that people cause: cancelled and tried again, queues paused and given other workers."""

from collections.abc import Callable

from jobs import control, queue_control
from jobs.errors import JobsError
from jobs.models import Job
from tests.chaos import asking, mix, tasks
from tests.chaos.plan import kind

QUEUE = "default"
LIVE = ("queued", "running", "waiting", "paused")


@kind(share=30)
def pause(storm) -> bool:
    """A job rests for some seconds; by then it may have ended, or not even have begun to rest."""
    job = ask(storm, control.pause, status__in=("queued", "running", "waiting"))
    if job is None:
        return False
    storm.later(storm.random.uniform(0.3, 3), lambda: request(control.resume, job))
    return True


@kind(share=20)
def cancel(storm) -> bool:
    return ask(storm, control.cancel, status__in=LIVE) is not None


@kind(share=15)
def retry(storm) -> bool:
    """A job that was cancelled, from the items that it has not done."""
    if ask(storm, control.retry, status="cancelled"):
        return True
    # None yet, or each has been tried again: the next time there is one.
    if not exists(cancel_requested_at__isnull=False, status="running"):
        ask(storm, control.cancel, status__in=LIVE)
    return False


@kind(share=5)
def retry_failed(storm) -> bool:
    """A job that has ended with failed items."""
    if ask(storm, control.retry_failed, status="succeeded", failed__gt=0):
        return True
    if not exists(task=tasks.flawed.name, status__in=LIVE):
        storm.start_job(tasks.flawed)
    return False


@kind(share=8)
def resize(storm) -> bool:
    """Each cluster gets another number of workers for some seconds."""
    count = storm.random.randint(1, 6)
    asking.insist(lambda: queue_control.set_workers(QUEUE, count, actor=None))
    storm.later(
        storm.random.uniform(2, 5),
        lambda: asking.insist(lambda: queue_control.set_workers(QUEUE, None, actor=None)),
    )
    return True


@kind(share=6)
def pause_queue(storm) -> bool:
    """No job is started for a second or two."""
    begun = asking.now()
    asking.insist(lambda: queue_control.pause_queue(QUEUE, actor=None))

    def resume():
        asking.insist(lambda: queue_control.resume_queue(QUEUE, actor=None))
        storm.queue_paused.append((begun, asking.now()))

    storm.later(storm.random.uniform(1, 2), resume)
    return True


def ask(storm, what: Callable, **states) -> Job | None:
    """Make a request of a job in one of these states; None if there is none or it is refused."""
    found = asking.insist(lambda: [*Job.objects.filter(task__in=mix.BY_TASK, **states)])
    job = storm.random.choice(found) if found else None
    return job if job is not None and request(what, job) else None


def exists(**states) -> bool:
    return asking.insist(Job.objects.filter(**states).exists)


def request(what: Callable, job: Job) -> bool:
    try:
        asking.insist(lambda: what(job, actor=None))
    except JobsError:
        return False  # it has moved on meanwhile
    return True


def resume_paused() -> None:
    """Whatever still rests goes on, and no job is asked to."""
    for job in asking.insist(lambda: [*Job.objects.filter(status__in=LIVE)]):
        if job.status == "paused" or job.pause_requested:
            request(control.resume, job)
