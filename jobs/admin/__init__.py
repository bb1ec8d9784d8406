"""The engine's rows in the admin: all to see, none to edit; acts go the ways that pages go."""

from jobs.admin import operating, work

__all__ = ["operating", "work"]
