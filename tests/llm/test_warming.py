"""Workers have loaded all that a call needs before they are forked."""

import subprocess
import sys

FIRST_CALL = """
import asyncio, sys, threading
import django
django.setup()
import llm.warming
loaded, threads = set(sys.modules), threading.active_count()
from llm import provider
from llm.conf import Conf
conf = Conf(base_url=sys.argv[1], model="simulated", timeout=30)
body = {"model": "simulated", "messages": [{"role": "user", "content": "hello"}]}
reply = asyncio.run(provider.send("llm.health", body, conf))
print(reply.http_status, threads, *sorted(set(sys.modules) - loaded))
"""


def test_a_first_call_loads_no_module(simulator):
    done = subprocess.run(
        [sys.executable, "-c", FIRST_CALL, simulator.base_url],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    assert done.stdout.split() == ["400", "1"], "status of the call, threads before it, modules"


def test_the_workers_are_warmed(settings):
    assert "llm.warming" in settings.JOBS["PRELOAD"]
