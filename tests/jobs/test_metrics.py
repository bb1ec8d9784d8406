"""What a scraper reads at /metrics, and who may."""

import math
from datetime import timedelta

import pytest
from django.utils import timezone
from prometheus_client import parser

from jobs import claim, enqueue, tallies
from jobs.metrics import STATES
from jobs.models import JobQueue, Tally, Worker
from jobs.testing import run_pending
from tests.factories.accounts import make_admin, make_tester
from tests.factories.jobs import make_job

TOKEN = "t0ken-of-the-scraper"


@pytest.fixture(autouse=True)
def settled(monkeypatch):
    monkeypatch.setattr(tallies, "SETTLE_SECONDS", 0.0)


@pytest.fixture
def token(settings):
    settings.JOBS = settings.JOBS | {"METRICS_TOKEN": TOKEN}
    return {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture
def scrape(client, token, db):
    """The samples, as {(name, labels): value}."""

    def read() -> dict:
        response = client.get("/metrics", headers=token)
        assert response.status_code == 200
        found = {}
        for family in parser.text_string_to_metric_families(response.content.decode()):
            assert family.documentation
            assert family.type in {"gauge", "counter", "histogram"}
            for sample in family.samples:
                found[sample.name, *sorted(sample.labels.values())] = sample.value
        return found

    return read


def test_figures_of_an_idle_engine_are_zeros(scrape):
    found = scrape()
    assert found["jobs_live", "llm", "queued"] == 0
    assert found["jobs_workers_alive", "default"] == 0
    assert found["jobs_queue_paused", "batch"] == 0
    assert found["jobs_rescued_total", "default", "requeued"] == 0
    assert found["jobs_listen_reconnects_total", ""] == 0
    assert not any(math.isnan(value) for value in found.values())


def test_figures_after_jobs_have_run(scrape, declare, db):
    fine = declare(lambda run: None, "tests.fine")

    def fall(run):
        raise ValueError("no")

    broken = declare(fall, "tests.broken")
    enqueue(fine)
    enqueue(fine)
    enqueue(broken)
    run_pending()
    held = claim.claim(enqueue(fine).pk)
    claim.requeue_lost(held.pk, "its process ended")
    tallies.count(tallies.RECONNECT, queue="default", amount=2)
    found = scrape()
    assert found["jobs_ended_total", "default", "succeeded", "tests.fine"] == 2
    assert found["jobs_ended_total", "default", "failed", "tests.broken"] == 1
    assert found["jobs_rescued_total", "default", "requeued"] == 1
    assert found["jobs_listen_reconnects_total", "default"] == 2
    assert found["jobs_pickup_seconds_count", "default"] == 4
    assert found["jobs_run_seconds_count", "tests.fine"] == 3
    assert found["jobs_run_seconds_bucket", "+Inf", "tests.fine"] == 3
    assert 0 < found["jobs_run_seconds_sum", "tests.fine"] < 600
    assert found["jobs_live", "default", "queued"] == 1


def test_buckets_add_up_from_the_lowest(scrape, db):
    for bucket, count in ((0.002, 5), (0.01, 3), (math.inf, 1)):
        Tally.objects.create(figure=tallies.PICKUP, queue="llm", bucket=bucket, count=count)
    found = scrape()
    shown = [found["jobs_pickup_seconds_bucket", end, "llm"] for end in ("0.002", "0.005", "0.01")]
    assert shown == [5, 5, 8]
    assert found["jobs_pickup_seconds_bucket", "+Inf", "llm"] == 9
    assert found["jobs_pickup_seconds_count", "llm"] == 9


def test_figures_of_what_is_now(scrape, db):
    now = timezone.now()
    make_job(queued_at=now - timedelta(seconds=90))
    make_job(status="waiting", run_after=now + timedelta(hours=1))
    make_job(status="waiting", run_after=now - timedelta(seconds=1))
    make_job(status="paused")
    make_job(status="succeeded")
    busy, idle, gone = (
        Worker.objects.create(
            cluster="c", queue="default", host="h", pid=1, pid_started=1.0, memory_kb=1024
        )
        for _ in range(3)
    )
    make_job(status="running", worker=busy)
    Worker.objects.filter(pk=gone.pk).update(stopped_at=now)
    JobQueue.objects.create(name="llm", paused_at=now)
    found = scrape()
    live = {status: found["jobs_live", "default", status] for status in STATES}
    assert live == {"queued": 2, "waiting": 1, "running": 1, "paused": 1}
    assert 90 <= found["jobs_oldest_queued_seconds", "default"] < 600
    assert found["jobs_workers_alive", "default"] == 2
    assert found["jobs_workers_busy", "default"] == 1
    assert found["jobs_workers_memory_bytes", "default"] == 2 * 1024 * 1024
    assert found["jobs_queue_paused", "llm"] == 1


def test_the_same_few_queries_whatever_there_is(client, token, db, django_assert_max_num_queries):
    for count in (1, 30):
        for number in range(count):
            make_job(task=f"tests.task{number}", status="succeeded")
            make_job(status="running", worker=None)
            tallies.count(tallies.OUTCOME, task=f"tests.task{number}", outcome="failed")
        with django_assert_max_num_queries(20):
            assert client.get("/metrics", headers=token).status_code == 200


@pytest.mark.parametrize(
    ("accepts", "type_"),
    [
        ("", "text/plain; version=0.0.4"),
        ("text/plain", "text/plain; version=0.0.4"),
        ("application/openmetrics-text;version=1.0.0,*/*;q=0.1", "application/openmetrics-text"),
    ],
)
def test_the_format_is_the_one_asked_for(client, token, db, accepts, type_):
    response = client.get("/metrics", headers=token | {"Accept": accepts})
    assert response.status_code == 200
    assert response["Content-Type"].startswith(type_)


def refused(response, status: int) -> bool:
    problem = response.json()
    return (
        response.status_code == problem["status"] == status
        and response["Content-Type"] == "application/problem+json"
        and bool(problem["code"] and problem["detail"])
    )


@pytest.mark.parametrize("sent", ["", "Bearer ", "Bearer wrong", "Bearer tök", f"Basic {TOKEN}"])
def test_without_the_token_nothing_is_told(client, token, db, sent):
    response = client.get("/metrics", headers={"Authorization": sent, "Accept": "text/plain"})
    assert refused(response, 401)
    assert response["WWW-Authenticate"].startswith("Bearer")


def test_no_token_is_right_while_none_is_set(client, db, settings):
    settings.JOBS = settings.JOBS | {"METRICS_TOKEN": ""}
    assert refused(client.get("/metrics", headers={"Authorization": "Bearer "}), 401)


def test_staff_may_look_and_others_may_not(client, db):
    client.force_login(make_tester())
    assert refused(client.get("/metrics"), 403)
    client.force_login(make_admin())
    assert client.get("/metrics").status_code == 200
