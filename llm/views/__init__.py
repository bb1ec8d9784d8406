"""Pages of model calls."""
