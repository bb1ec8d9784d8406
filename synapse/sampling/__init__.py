"""Which records to test, and why."""
