"""What profiling runs in workers, and how it is started; one module a task."""

from synapse.profiling.tasks import importing, profiling, proposing, tidying

__all__ = ["importing", "profiling", "proposing", "tidying"]
