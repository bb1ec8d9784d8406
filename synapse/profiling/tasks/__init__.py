"""What profiling runs in workers, and how it is started; one module a task."""

from synapse.profiling.tasks import profiling

__all__ = ["profiling"]
