"""A stand-in for a model endpoint: answers operations by rule, over real HTTP."""

from llm.simulator.registry import answers

__all__ = ["answers"]
