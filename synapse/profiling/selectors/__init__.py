"""What people see of profiling, one module a subject."""
