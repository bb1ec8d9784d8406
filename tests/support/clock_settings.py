"""The settings of tests with the clock on, for worker processes that are to start what is due."""

from synapse.settings.test import *  # noqa: F403  every setting of tests

JOBS = {**JOBS, "CLOCK": True}  # noqa: F405  from there
