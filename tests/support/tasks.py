"""Brings the tasks of tests and benchmarks into every process of the test settings."""

from tests.benchmarks import tasks as benchmark_tasks  # noqa: F401  registers its tasks
from tests.chaos import tasks as chaos_tasks  # noqa: F401
from tests.jobs import deaf, trouble  # noqa: F401
from tests.support import cluster_tasks  # noqa: F401
