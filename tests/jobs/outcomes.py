"""Tasks with a known outcome, and the errors that bring it about."""

from django.contrib.auth.models import Group
from django.utils import timezone

from jobs import PlannedItem
from jobs.execution import run_job


class Passing(Exception):
    code = "provider_down"
    message = "The model did not answer."
    retryable = True


class Fatal(Exception):
    code = "refused"
    message = "The model refused."
    retryable = False


class Stopper(Fatal):
    code = "no_provider"
    message = "No model is configured."
    stops_job = True


class Open(Exception):
    code = "circuit_open"
    message = "The model is away; next try at noon."
    retryable = True

    def __init__(self, moment):
        self.retry_at = moment


def raising(error):
    def work(run):
        raise error

    return work


def over(outcomes, count=4):
    """A task over `count` items; `outcomes[n]` is raised by the call for item n."""

    async def ask(item):
        if error := outcomes.get(item.payload):
            raise error
        return item.payload

    def work(run):
        items = run.plan([PlannedItem(str(n), payload=n) for n in range(count)])
        for item, _answer in run.map(ask, items, concurrency=2):
            with run.commit(item):
                Group.objects.create(name=item.key)
        return {"done": True}

    return work


def finish(job):
    run_job(job.pk)
    job.refresh_from_db()
    return job


def seconds_from_now(moment):
    return (moment - timezone.now()).total_seconds()
