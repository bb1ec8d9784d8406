"""Test settings plus the earlier system's view; its transactions may idle as long as they like."""

import os

os.environ.setdefault("DATABASE_IDLE_TRANSACTION_TIMEOUT", "0")

from synapse.settings.test import *  # noqa: E402, F403  every test setting

INSTALLED_APPS = [*INSTALLED_APPS, "tests.benchmarks.earlier"]  # noqa: F405
ROOT_URLCONF = "tests.benchmarks.earlier.urls"
