"""Notices beside the commits they tell of: they hold nobody up, and carry ids, not states."""

import threading

import psycopg
import pytest
from django.db import connections, transaction

from jobs import direct, enqueue
from jobs.live import current_hub
from jobs.states import Status
from synapse.common import embedded
from tests.factories.jobs import change_job, make_job
from tests.jobs.sockets import frame, in_thread, listening, opened, signed_in, stop
from tests.support.workers import wait_for

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
async def hub():
    hub = current_hub()
    await listening(hub)
    yield hub
    await stop(hub)


@pytest.fixture
def operator(transactional_db):
    """A connection whose own commits wait for nothing."""
    with direct.connect("test") as operator:
        operator.execute("SET synchronous_commit = local")
        operator.execute("SET lock_timeout = '3s'")
        yield operator


@pytest.fixture
def slow_commits(operator):
    """Commits wait for a standby that never answers, as they would for a disk that is slow."""
    if not embedded.in_use():
        pytest.skip("the server named by DATABASE_URL is not ours to slow down")
    operator.execute("ALTER SYSTEM SET synchronous_standby_names = 'nobody'")
    operator.execute("SELECT pg_reload_conf()")

    def end():
        operator.execute("ALTER SYSTEM RESET synchronous_standby_names")
        operator.execute("SELECT pg_reload_conf()")

    yield end
    end()


def test_a_commit_that_waits_for_its_disk_holds_back_no_other_s_notice(
    declare, slow_commits, operator
):
    task = declare(lambda run: None, "tests.slow_commit")

    def commit():
        with transaction.atomic():
            enqueue(task)
        connections.close_all()

    def waiting():
        looked = operator.execute("SELECT 1 FROM pg_stat_activity WHERE wait_event = 'SyncRep'")
        return looked.fetchone()

    committing = threading.Thread(target=commit)
    committing.start()
    wait_for(waiting, 60, "the commit waits")
    held_back = ""
    try:
        operator.execute("SELECT pg_notify('elsewhere', 'something')")
    except psycopg.errors.LockNotAvailable as error:
        held_back = str(error)
    slow_commits()
    committing.join(20)
    assert held_back == ""


async def test_a_state_too_long_for_a_notice_reaches_the_socket(hub, owner):
    long = "…" * 3_000  # 9,000 bytes, of which a notice takes under 8,000
    job = await in_thread(make_job)(owner, status=Status.RUNNING)
    cookie = await in_thread(signed_in)(owner)
    async with opened(f"/ws/jobs/{job.pk}/", cookie) as socket:
        await frame(socket)
        await in_thread(change_job)(job, message=long)
        assert (await frame(socket))["message"] == long
