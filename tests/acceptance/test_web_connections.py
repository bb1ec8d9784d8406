"""What pages and sockets of a real Daphne process take of the database's connections."""

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from jobs.states import Status
from tests.factories.accounts import make_tester
from tests.factories.jobs import change_job, make_job
from tests.jobs.sockets import PATIENCE, in_thread, signed_in
from tests.support.web import Web

pytestmark = [pytest.mark.acceptance, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def job(transactional_db):
    return make_job(make_tester("tess"), status=Status.RUNNING, total=10)


@pytest.fixture
def cookie(job):
    return signed_in(job.owner)


def connections_of_pages() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
            "AND application_name = 'synapse-web'"
        )
        return cursor.fetchone()[0]


def test_requests_leave_no_connection_behind(child_environment, tmp_path, cookie):
    with Web(child_environment, tmp_path / "web.log") as web:
        seen = []
        for _ in range(40):
            assert web.status("/jobs/", cookie) == 200
            seen.append(connections_of_pages())
    assert max(seen) < 10  # of 40; the end of one may overlap with the next


def test_requests_beyond_the_pool_wait_for_their_turn(child_environment, tmp_path, cookie):
    few = child_environment | {"DATABASE_POOL_MAX": "2"}
    with Web(few, tmp_path / "web.log") as web, ThreadPoolExecutor(24) as browsers:
        answers = browsers.map(lambda _: web.status("/jobs/", cookie), range(24))
        assert [*answers] == [200] * 24
        assert connections_of_pages() <= 2


async def test_open_sockets_take_no_connection_from_the_pages(
    child_environment, tmp_path, job, cookie
):
    few = child_environment | {"DATABASE_POOL_MAX": "2"}
    with Web(few, tmp_path / "web.log") as web:
        sockets = [await web.socket(f"/ws/jobs/{job.pk}/", cookie) for _ in range(3)]
        await in_thread(change_job)(job, done=3)
        for socket in sockets:
            while json.loads(await asyncio.wait_for(socket.recv(), PATIENCE))["done"] != 3:
                continue
        assert await asyncio.to_thread(web.status, "/jobs/", cookie) == 200
        for socket in sockets:
            await socket.close()


async def test_many_sockets_at_once_share_few_connections(child_environment, tmp_path, job, cookie):
    with Web(child_environment, tmp_path / "web.log") as web:
        opening = [web.socket(f"/ws/jobs/{job.pk}/", cookie) for _ in range(100)]
        sockets = await asyncio.gather(*opening)
        for socket in sockets:
            assert json.loads(await asyncio.wait_for(socket.recv(), PATIENCE))["id"] == job.pk
        assert await in_thread(connections_of_pages)() <= 5
        await asyncio.gather(*(socket.close() for socket in sockets))


async def test_what_another_process_commits_reaches_the_browser_as_it_happens(
    child_environment, tmp_path, job, cookie
):
    """By notices: the regular comparison would come in ten minutes."""
    child_environment["DJANGO_SETTINGS_MODULE"] = "tests.support.seldom_settings"
    with Web(child_environment, tmp_path / "web.log") as web:
        async with web.socket(f"/ws/jobs/{job.pk}/", cookie) as socket:
            assert json.loads(await asyncio.wait_for(socket.recv(), PATIENCE))["done"] == 0
            for done in (1, 2, 3, 4, 5):
                await in_thread(change_job)(job, done=done)
                told = json.loads(await asyncio.wait_for(socket.recv(), PATIENCE))
                assert told["done"] == done
