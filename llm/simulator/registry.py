"""Which rule answers which operation; rules live in `<app>/simulated.py`."""

from collections.abc import Callable

from django.utils.module_loading import autodiscover_modules

Rule = Callable[[dict], dict]
_rules: dict[str, Rule] = {}


def answers(operation: str) -> Callable[[Rule], Rule]:
    """Registers a function from the prompt's variables to the answer's JSON."""

    def register(rule: Rule) -> Rule:
        _rules[operation] = rule
        return rule

    return register


def rules() -> dict[str, Rule]:
    """Every rule of every installed app."""
    autodiscover_modules("simulated")
    return _rules
