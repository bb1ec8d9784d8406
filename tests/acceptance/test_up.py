"""The supervisor leaves nothing behind, however it ends."""

import signal

import psycopg
import pytest

from tests.acceptance.machine import UpProcess, wait_for

pytestmark = [pytest.mark.acceptance, pytest.mark.timeout(600)]


@pytest.fixture
def up():
    machine = UpProcess("--model", "simulated")
    yield machine
    machine.clean()


def test_one_interrupt_stops_web_workers_simulator_and_database(up):
    up.wait_until_up()
    assert len(up.left(database=True)) > 3
    assert up.interrupt() == 0, up.output()
    assert up.left(database=True) == [], up.output()


def test_after_a_killed_supervisor_its_children_end_and_the_next_start_takes_over(up):
    up.wait_until_up()
    up.process.send_signal(signal.SIGKILL)
    up.process.wait()
    assert wait_for(lambda: not up.left(), 60), [p.cmdline() for p in up.left()]
    servers = [p for p in up.left(database=True) if "-D" in p.cmdline()]
    again = UpProcess("--model", "none", state=up.state)
    try:
        again.wait_until_up()
        after = [p for p in again.left(database=True) if "-D" in p.cmdline()]
        assert len(after) == 1
        assert [p.pid for p in after] == [p.pid for p in servers] or not servers
        assert again.interrupt() == 0, again.output()
        assert again.left(database=True) == []
    finally:
        again.clean()


def test_a_job_outlives_the_kill_of_everything_around_it():
    demo = UpProcess("--model", "simulated", "--latency", "60", command="demo")
    again = None
    try:
        demo.wait_for_output("0 of 12, running", 180)
        demo.process.send_signal(signal.SIGKILL)
        demo.process.wait()
        assert wait_for(lambda: not demo.left(), 60), [p.cmdline() for p in demo.left()]
        assert job_row(demo) == ("running", 1, 0)
        again = UpProcess("--model", "simulated", "--latency", "0.1", state=demo.state)
        again.wait_until_up()
        assert wait_for(lambda: job_row(again) == ("succeeded", 2, 12), 180), job_row(again)
        assert again.interrupt() == 0, again.output()
        assert again.left(database=True) == []
    finally:
        if again is not None:
            again.clean()
        demo.clean()


def job_row(machine: UpProcess) -> tuple:
    """Status, attempts and items done of the job that asks the model."""
    address = f"postgresql://postgres@/synapse?host={machine.state}/pg"
    with psycopg.connect(address) as connection:
        return connection.execute(
            "SELECT status, attempt, done FROM jobs_job WHERE task = 'scoping.recommend'"
        ).fetchone()


def test_a_second_start_on_the_same_folder_is_refused_with_the_reason(up):
    up.wait_until_up()
    second = UpProcess("--model", "none", state=up.state)
    assert second.process.wait(60) != 0
    assert "already runs" in second.output()
    assert up.answers()
    second.log.close()


def test_a_killed_web_process_is_started_again(up):
    up.wait_until_up()
    web = next(p for p in up.left() if "daphne" in p.cmdline())
    web.kill()
    wait_for(lambda: web.pid not in [p.pid for p in up.left()], 60)
    assert wait_for(up.answers, 90), up.output()
    assert web.pid not in [p.pid for p in up.left()]
