"""manage.py worker: what it serves, and what it refuses."""

import pytest
from django.core.management import CommandError, call_command

from jobs.management.commands.worker import Command, worker_counts


@pytest.fixture(autouse=True)
def counts(settings):
    settings.JOBS = settings.JOBS | {"WORKERS": {"default": 2, "llm": 3, "batch": 0}}


def test_all_queues_are_served_with_the_counts_of_settings():
    assert worker_counts(None, None) == {"default": 2, "llm": 3}


def test_named_queues_are_served_with_as_many_workers_as_asked_for():
    assert worker_counts(["llm"], None) == {"llm": 3}
    assert worker_counts(["llm", "batch"], 4) == {"llm": 4, "batch": 4}


@pytest.mark.parametrize(
    ("queues", "workers", "said"),
    [
        (["nope"], None, "No such queue: nope. Queues are batch, default, llm."),
        (None, 0, "--workers must be 1 to 64."),
        (None, 65, "--workers must be 1 to 64."),
        (["batch"], None, "no workers"),
    ],
)
def test_what_cannot_be_served_is_refused(queues, workers, said):
    with pytest.raises(CommandError, match=said):
        worker_counts(queues, workers)


def test_a_pool_is_refused_before_anything_starts(settings, monkeypatch):
    options = settings.DATABASES["default"]["OPTIONS"] | {"pool": True}
    monkeypatch.setitem(settings.DATABASES["default"], "OPTIONS", options)
    with pytest.raises(CommandError, match="SYNAPSE_PROCESS=worker"):
        call_command("worker", skip_checks=True)


@pytest.mark.django_db
def test_the_wait_ends_when_the_database_is_ready_or_the_time_is_over(monkeypatch):
    Command().wait_for_tables(0)
    monkeypatch.setattr("jobs.management.commands.worker.TABLES", ("jobs_job", "jobs_unmigrated"))
    with pytest.raises(CommandError, match="run manage.py migrate"):
        Command().wait_for_tables(0)
