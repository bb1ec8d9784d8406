"""Models of profiling, one module a subject."""
