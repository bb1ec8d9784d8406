"""Pages of sampling, a module a subject."""
