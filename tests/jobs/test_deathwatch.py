"""The kernel tells of a process that ends, at once and only once."""

import os
import subprocess
import time

import pytest

from jobs import identity
from jobs.cluster.deathwatch import DeathWatch


@pytest.fixture
def children():
    started = [subprocess.Popen(["sleep", "60"]) for _ in range(2)]
    yield started
    for child in started:
        child.kill()
        child.wait()


@pytest.fixture
def watch():
    watch = DeathWatch()
    yield watch
    watch.follow(set())
    assert watch.held == {}


def seen(child):
    return child.pid, identity.start_ticks(child.pid)


def waited(watch, seconds):
    """Whether the wait lasted to its end."""
    begun = time.monotonic()
    watch.wait(seconds)
    return time.monotonic() - begun >= seconds


def test_a_death_ends_the_wait_once(watch, children):
    watch.follow({seen(child) for child in children})
    assert waited(watch, 0.1)
    children[0].kill()  # not reaped: a zombie counts as dead
    assert not waited(watch, 30)
    assert waited(watch, 0.1)
    children[1].kill()
    assert not waited(watch, 30)


def test_who_is_no_longer_followed_disturbs_nobody(watch, children):
    watch.follow({seen(child) for child in children})
    watch.follow({seen(children[0])})
    children[1].kill()
    assert waited(watch, 0.1)


def test_who_has_ended_or_is_another_process_is_not_followed(watch, children):
    pid, ticks = seen(children[0])
    children[1].kill()
    watch.follow({(pid, ticks - 1), (children[1].pid, 1), (2**22 + 1, 1)})
    assert watch.held == {}


def test_another_descriptor_ends_the_wait_too(watch, children):
    watch.follow({seen(children[0])})
    reader, writer = os.pipe()
    os.write(writer, b"x")
    begun = time.monotonic()
    watch.wait(30, reader)
    assert time.monotonic() - begun < 30
    for descriptor in (reader, writer):
        os.close(descriptor)
