"""Pages of profiling."""
