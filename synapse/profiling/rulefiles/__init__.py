"""Rule files: ours, and those of others as far as they can be read."""
