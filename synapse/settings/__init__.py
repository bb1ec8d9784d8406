"""Settings by environment: development (default), test, production; all start from base."""
