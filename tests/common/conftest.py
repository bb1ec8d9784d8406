"""The versions of the spine's tests."""

from tests.cycles.conftest import *  # noqa: F403  fixtures
