"""System checks: each dangerous combination is refused by name, and ours pass."""

import copy

import pytest
from django.conf import settings

from jobs import checks, conf


def ids(found):
    return {message.id for message in found}


@pytest.fixture
def database(monkeypatch):
    """The database's settings, to be spoilt by a test."""
    spoilt = copy.deepcopy(dict(settings.DATABASES["default"]))
    monkeypatch.setitem(settings.DATABASES, "default", spoilt)

    def change(kind, **values):
        spoilt.update(values)
        spoilt["OPTIONS"] = spoilt["OPTIONS"] | {"application_name": f"synapse-{kind}"}
        return ids(checks.check_connections())

    change.options = spoilt["OPTIONS"]
    change.spoilt = spoilt
    return change


@pytest.fixture
def queue(settings):
    def change(**values):
        settings.Q_CLUSTER = settings.Q_CLUSTER | values
        return ids(checks.check_queue())

    return change


def test_our_own_settings_pass():
    assert checks.check_connections() == checks.check_queue() == []


@pytest.mark.parametrize(
    ("kind", "values", "refused"),
    [
        ("worker", {"CONN_MAX_AGE": 0, "CONN_HEALTH_CHECKS": True}, "jobs.E005"),
        ("worker", {"CONN_MAX_AGE": None, "CONN_HEALTH_CHECKS": False}, "jobs.E006"),
        ("web", {"CONN_MAX_AGE": 60}, "jobs.E004"),
        ("web", {"CONN_MAX_AGE": None}, "jobs.E004"),
        ("web", {"ENGINE": "django.db.backends.sqlite3"}, "jobs.E001"),
    ],
)
def test_connections_that_leak_or_break_are_refused(database, kind, values, refused):
    assert refused in database(kind, **values)


def test_a_pool_is_refused_in_workers_and_with_lasting_connections(database):
    database.spoilt["OPTIONS"] = database.options | {"pool": {"min_size": 1}}
    assert "jobs.E003" in database("worker", CONN_MAX_AGE=None, CONN_HEALTH_CHECKS=True)
    assert "jobs.E002" in database("web", CONN_MAX_AGE=60)
    assert database("web", CONN_MAX_AGE=0) == set()


def test_locks_held_by_frozen_workers_are_warned_of(database):
    database.spoilt["OPTIONS"] = database.options | {"options": "-c jit=off"}
    assert database("web", CONN_MAX_AGE=0) == {"jobs.W001"}


@pytest.mark.parametrize(
    ("values", "refused"),
    [
        ({"orm": None}, "jobs.E010"),
        ({"save_limit": 250}, "jobs.E011"),
        ({"ack_failures": False}, "jobs.E012"),
        ({"scheduler": True}, "jobs.E013"),
        ({"timeout": None}, "jobs.E014"),
        ({"timeout": 60, "retry": 61}, "jobs.E015"),
        ({"timeout": 4, "retry": 6, "workers": 1, "queue_limit": 10}, "jobs.E015"),
        ({"cache": "nowhere"}, "jobs.E018"),
    ],
)
def test_options_of_the_library_that_lose_or_double_jobs_are_refused(queue, values, refused):
    assert queue(**values) == {refused}


@pytest.mark.parametrize(
    ("workers", "refused"), [({}, "jobs.E016"), ({"default": -1}, "jobs.E017")]
)
def test_impossible_worker_counts_are_refused(settings, workers, refused):
    settings.JOBS = settings.JOBS | {"WORKERS": workers}
    assert ids(checks.check_workers()) == {refused}


def test_a_shared_cache_for_statistics_is_refused(settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache"}}
    assert ids(checks.check_queue()) == {"jobs.E018"}


def test_another_system_than_linux_is_warned_of(monkeypatch):
    assert checks.check_platform() == []
    monkeypatch.setattr("sys.platform", "darwin")
    assert ids(checks.check_platform()) == {"jobs.W002"}


def test_every_queue_of_the_settings_is_known_to_the_engine():
    assert {*settings.JOBS["WORKERS"]} <= {*conf.QUEUES}
