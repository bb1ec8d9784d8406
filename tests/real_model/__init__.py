"""A real, small language model on this machine, behind a real OpenAI-compatible server.

`served_model()` runs it for as long as a block lasts; `python -m tests.real_model --serve` until
interrupted.
"""

from tests.real_model.serving import ServedModel, served_model

__all__ = ["ServedModel", "served_model"]
