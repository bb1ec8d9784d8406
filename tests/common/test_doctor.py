"""`manage.py doctor` names what is wrong, how to mend it, and fails."""

import os
import subprocess
import sys
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from jobs import queue_control
from jobs.models import Job, PeriodicTask, Worker
from synapse.common.embedded import BASE_DIR
from tests.support.workers import Workers


def run_doctor() -> tuple[int, str]:
    out = StringIO()
    try:
        call_command("doctor", stdout=out, no_color=True)
    except SystemExit as stop:
        return stop.code, out.getvalue()
    return 0, out.getvalue()


def test_queues_without_workers_are_named_with_their_mend(db):
    code, text = run_doctor()
    assert code == 1
    assert "BAD  queue llm: 0 workers alive" in text
    assert "manage.py worker --queue llm" in text
    assert "ok   migrations" in text


def test_a_paused_queue_is_told_and_resuming_it_is_the_mend(db):
    queue_control.pause_queue("llm", actor=None)
    Worker.objects.create(cluster="c", queue="llm", host="h", pid=1, pid_started=1)
    Job.objects.create(
        task="chaos.nothing", queue="llm", title="Old", queued_at=timezone.now() - timedelta(days=1)
    )
    code, text = run_doctor()
    assert code == 1
    assert "BAD  queue llm: 1 workers alive, 0 running, 1 due" in text
    assert "paused since" in text
    assert "Resume it on the queues page" in text


def test_jobs_of_a_task_that_is_gone_are_told_and_no_workers_asked_for(db):
    Worker.objects.create(cluster="c", queue="default", host="h", pid=1, pid_started=1)
    old = timezone.now() - timedelta(days=1)
    jobs = [
        Job.objects.create(task="tests.gone", queue="default", title="Old", queued_at=old)
        for _ in range(2)
    ]
    code, text = run_doctor()
    assert code == 1
    assert f"BAD  task tests.gone: 2 jobs wait, from #{jobs[0].pk} on" in text
    assert "cancel the jobs" in text
    assert "ok   queue default: 1 workers alive, 0 running, 0 due" in text


def test_a_periodic_task_that_is_late_is_named_with_its_mend(db):
    assert "ok   periodic tasks: none is late" in run_doctor()[1]
    PeriodicTask.objects.create(
        task="jobs.prune", schedule="", declared_at=timezone.now() - timedelta(days=2)
    )
    code, text = run_doctor()
    assert code == 1
    assert "BAD  periodic task jobs.prune: was due at" in text
    assert "Start a worker" in text


@pytest.mark.acceptance
def test_all_is_well_with_workers_and_a_model(child_environment, settings, simulator):
    settings.JOBS = settings.JOBS | {"WORKERS": {"llm": 1}}
    with Workers(child_environment, queue="llm", workers=1):
        code, text = run_doctor()
    assert code == 0, text
    assert "1 workers alive" in text
    assert "All is well." in text


def test_a_dead_model_is_named(db, settings):
    settings.LLM = {"BASE_URL": "http://127.0.0.1:9/v1", "API_KEY": "x", "MODEL": "m"}
    code, text = run_doctor()
    assert code == 1
    assert "BAD  model" in text
    assert "LLM_BASE_URL" in text


def test_settings_that_cant_be_right_are_named_and_no_model_is_asked(db, settings):
    settings.LLM = {"BASE_URL": "127.0.0.1:9", "MODEL": "m"}
    code, text = run_doctor()
    assert code == 1
    assert "BAD  settings: LLM_BASE_URL must be an http:// or https:// address." in text
    assert "model: " not in text
    settings.LLM = {"BASE_URL": "http://127.0.0.1:9/v1"}
    assert "ok   settings: LLM_BASE_URL is set, LLM_MODEL is not" in run_doctor()[1]


def test_settings_that_cant_be_read_are_one_line():
    done = subprocess.run(
        [sys.executable, "manage.py", "doctor"],
        cwd=BASE_DIR,
        env=os.environ | {"LLM_PROVIDERS": "{", "SYNAPSE_PROCESS": "command"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    [line] = done.stderr.splitlines()
    assert line.startswith("The settings can't be read: LLM_PROVIDERS must be JSON")


def test_a_dead_database_is_named_and_nothing_else_is_tried(tmp_path):
    done = subprocess.run(
        [sys.executable, "manage.py", "doctor", "--no-color"],
        cwd=BASE_DIR,
        env=os.environ
        | {
            "DATABASE_URL": f"postgresql://nobody@/none?host={tmp_path}",
            "DJANGO_SETTINGS_MODULE": "synapse.settings.development",
            "SYNAPSE_STATE": str(tmp_path),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    assert "BAD  database" in done.stdout
    assert "DATABASE_URL" in done.stdout
    assert "queue" not in done.stdout
