"""The settings of tests for a web process that hears of changes by notices or not at all."""

from synapse.settings.test import *  # noqa: F403  every setting of tests

JOBS = {**JOBS, "LIVE_COMPARE": 600.0}  # noqa: F405  from there
