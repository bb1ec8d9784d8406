"""What the project around the engine knows of a job, such as what its model calls cost."""

from collections.abc import Callable
from functools import cache

from django.utils.module_loading import import_string

from jobs import conf
from jobs.models import Job

Fact = tuple[str, str, str]


def of_job(job: Job, user) -> list[Fact]:
    """Label, value and address (or "") of each fact, as far as this user may know it.

    JOBS["FACTS"] names the function, of the same arguments, that knows them.
    """
    return _provider(conf.FACTS)(job, user) if conf.FACTS else []


@cache
def _provider(path: str) -> Callable[[Job, object], list[Fact]]:
    return import_string(path)
