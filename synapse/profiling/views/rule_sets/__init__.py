"""Pages of rule sets, a module a subject."""
