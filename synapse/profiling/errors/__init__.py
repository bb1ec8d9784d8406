"""What profiling refuses, one module a subject."""
