"""What may leave for a model: each operation's variables and, within them, the keys it may send.

An operation sends nothing that isn't declared in `<app>/outgoing.py`:

    allow("planning.draft_attributes", place=str, text=str)
    allow("scoping.judge", report={"name": str}, attributes=[{"id": str}], problems=(str, [str]))

A type is a value of it, a list holds values of its one shape, a dict has no other keys than these
(it may lack some), and a tuple is a choice of shapes.
"""

from django.utils.module_loading import autodiscover_modules

from llm import masking, secrecy
from llm.errors import NotAllowedOut, SecretInPrompt

Shape = type | list | dict | tuple
_allowed: dict[str, dict[str, Shape]] = {}


def allow(operation: str, **variables: Shape) -> None:
    """Declares all that the operation may send; what it declared before no longer counts."""
    _allowed[operation] = variables


def allowed(operation: str) -> dict[str, Shape]:
    """The declared variables; NotAllowedOut where nothing is declared."""
    if operation not in _allowed:
        autodiscover_modules("outgoing")
    if operation not in _allowed:
        raise NotAllowedOut(operation=operation, what="anything: nothing is declared for it")
    return _allowed[operation]


def require_allowed(operation: str, variables: dict) -> None:
    """Raises NotAllowedOut, naming the place of the first thing that isn't declared."""
    shape = allowed(operation)
    for name, value in variables.items():
        if name not in shape:
            raise NotAllowedOut(operation=operation, what=name)
        if what := _undeclared(value, shape[name], name):
            raise NotAllowedOut(operation=operation, what=what)


def refuse_secrets(operation: str, variables: dict, keys: dict[str, str]) -> None:
    """Raises SecretInPrompt if a secret of this installation, or one of these keys, stands in it.

    `keys` are by the words that say where they are kept; those of the settings are known.
    """
    if name := secrecy.found_in(variables, keys):
        raise SecretInPrompt(operation=operation, name=name)


def masked(variables: dict) -> dict:
    """The variables without the numbers of persons and their accounts."""
    return masking.masked(variables)


def _undeclared(value: object, shape: Shape, place: str) -> str:
    """Where the value departs from its shape, in words; empty if it doesn't."""
    if isinstance(shape, tuple):
        found = [_undeclared(value, each, place) for each in shape]
        return "" if "" in found else found[0]
    if isinstance(shape, dict):
        if not isinstance(value, dict):
            return f"{place} as {_kind(value)}"
        if extra := next((key for key in value if key not in shape), None):
            return f"{place}.{extra}"
        inside = (_undeclared(value[key], shape[key], f"{place}.{key}") for key in value)
        return next(filter(None, inside), "")
    if isinstance(shape, list):
        if not isinstance(value, list | tuple):
            return f"{place} as {_kind(value)}"
        inside = (_undeclared(each, shape[0], f"{place}[{n}]") for n, each in enumerate(value))
        return next(filter(None, inside), "")
    # True is an int to Python, and not to whoever declares one.
    is_it = isinstance(value, shape) and isinstance(value, bool) == (shape is bool)
    return "" if is_it else f"{place} as {_kind(value)}"


def _kind(value: object) -> str:
    return f"a {type(value).__name__}"


allow("llm.health", numbers=[int])
