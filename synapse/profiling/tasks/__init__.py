"""What profiling runs in workers, and how it is started; one module a task."""
