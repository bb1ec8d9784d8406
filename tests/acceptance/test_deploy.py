"""A job is paused, everything is stopped and started anew, and the same job goes on."""

import subprocess
import sys

import psycopg
import pytest

from synapse.common.embedded import BASE_DIR
from tests.acceptance.machine import UpProcess, wait_for

pytestmark = [pytest.mark.acceptance, pytest.mark.timeout(600)]
TASK = "scoping.recommend"
ASK = """
from jobs import control
from jobs.models import Job
job = Job.objects.get(task="{task}")
control.{request}(job, actor=job.owner)
"""


def test_a_paused_job_goes_on_after_a_deploy_as_the_same_job_and_repeats_no_item():
    before = UpProcess("--model", "simulated", "--latency", "20", command="demo")
    after = None
    try:
        before.wait_for_output("0 of 12, running", 180)
        request(before, "pause")
        assert wait_for(lambda: job_row(before)["status"] == "paused", 120), job_row(before)
        assert before.interrupt() == 1, before.output()  # the path was not walked to its end
        assert before.left(database=True) == []

        after = UpProcess("--model", "simulated", "--latency", "0.1", state=before.state)
        after.wait_until_up()
        paused = job_row(after)
        assert paused["status"] == "paused"
        assert 0 < paused["done"] < 12  # the calls in flight were used
        request(after, "resume")
        assert wait_for(lambda: job_row(after)["status"] == "succeeded", 180), job_row(after)
        ended = job_row(after)
        assert ended["id"] == paused["id"]
        assert (ended["done"], ended["failed"]) == (12, 0)
        # The pause gave its attempt back, and nobody was asked twice.
        assert ended["attempt"] == 1
        assert calls_by_item(after) == [1] * 12
        assert after.interrupt() == 0, after.output()
    finally:
        if after is not None:
            after.clean()
        before.clean()


def request(machine: UpProcess, name: str) -> None:
    """What the buttons of the job's page do, as its owner."""
    subprocess.run(
        [sys.executable, "manage.py", "shell", "-c", ASK.format(task=TASK, request=name)],
        cwd=BASE_DIR,
        env=machine.environment,
        check=True,
        capture_output=True,
    )


def fetch(machine: UpProcess, statement: str) -> list[dict]:
    address = f"postgresql://postgres@/synapse?host={machine.state}/pg"
    with psycopg.connect(address, row_factory=psycopg.rows.dict_row) as connection:
        return connection.execute(statement, [TASK]).fetchall()


def job_row(machine: UpProcess) -> dict:
    return fetch(machine, "SELECT id, status, attempt, done, failed FROM jobs_job WHERE task = %s")[
        0
    ]


def calls_by_item(machine: UpProcess) -> list[int]:
    """How many answers of the model were paid for, for each item."""
    rows = fetch(
        machine,
        "SELECT count(*) FROM llm_llmcall WHERE outcome = 'ok' AND NOT cached AND job_id = "
        "(SELECT id FROM jobs_job WHERE task = %s) GROUP BY item_key",
    )
    return [row["count"] for row in rows]
