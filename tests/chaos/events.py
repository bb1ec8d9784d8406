"""Every kind of event of a storm, by its name."""

from tests.chaos import backends, freezing, messages, outages, processes, requests  # noqa: F401
from tests.chaos.plan import KINDS

__all__ = ["KINDS"]
