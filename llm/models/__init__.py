"""The client's tables."""

from llm.models.choices import Evaluation, PromptPin, PromptVersion, Provider, Route
from llm.models.policy import Budget, CachedAnswer, Circuit, KillSwitch, RateBucket, Reservation
from llm.models.trail import LLMCall

__all__ = [
    "Budget",
    "CachedAnswer",
    "Circuit",
    "Evaluation",
    "KillSwitch",
    "LLMCall",
    "PromptPin",
    "PromptVersion",
    "Provider",
    "RateBucket",
    "Reservation",
    "Route",
]
