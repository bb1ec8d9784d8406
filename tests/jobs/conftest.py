"""People, subjects and tasks that the tests of the job engine share."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import connection

from jobs import enqueue, execution, registry
from tests.jobs import trouble


@pytest.fixture
def owner(db):
    return get_user_model().objects.create_user("olga", email="olga@example.com", password="x")


@pytest.fixture
def subject(db):
    """Any saved row will do as what a job is about."""
    return Group.objects.create(name="Schedule D.1")


@pytest.fixture
def declare():
    """Declares a function as a task for the length of one test."""
    names = []

    def declare_task(function, name="", **options):
        name = name or f"tests.{function.__name__}"
        declared = registry.task(name, **options)(function)
        names.append(name)
        return declared

    yield declare_task
    for name in names:
        registry.forget(name)


@pytest.fixture
def start(declare, db):
    def start_job(function, **options):
        return enqueue(declare(function, "tests.work", **options))

    return start_job


@pytest.fixture(autouse=True)
def takes_jobs():
    """No test leaves this process refusing jobs."""
    yield
    execution.resume()


@pytest.fixture
def effects(transactional_db):
    """A table without any constraint: what is written twice is seen twice."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS jobs_test_effect (key text)")
        cursor.execute("TRUNCATE jobs_test_effect")
    yield Effects()
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE jobs_test_effect")


@pytest.fixture
def marks_table(transactional_db):
    """Where the tasks of tests.jobs.trouble leave their marks."""
    with connection.cursor() as cursor:
        cursor.execute(trouble.MARKS)
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE jobs_mark")


class Effects:
    def write(self, key):
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO jobs_test_effect VALUES (%s)", [key])

    def keys(self):
        with connection.cursor() as cursor:
            cursor.execute("SELECT key FROM jobs_test_effect ORDER BY key")
            return [key for (key,) in cursor.fetchall()]
