"""Which annotations a task's arguments may have, and which values are of them: what JSON keeps."""

import types
import typing
from collections.abc import Mapping, Sequence
from datetime import date, time, timedelta
from decimal import Decimal
from inspect import Parameter
from pathlib import Path
from typing import Annotated, Any, Literal, NotRequired, Required, Union
from uuid import UUID

ANYTHING = (Parameter.empty, Any)
PLAIN = (str, int, float, bool, type(None))
LISTS = (list, tuple, Sequence)
MAPPINGS = (dict, Mapping)
WRAPPERS = (Annotated, Required, NotRequired)

MENDS = (
    ((date, time, timedelta), "pass text, such as its isoformat(), and read it in the task"),
    ((Decimal, UUID, Path), "pass it as text, and make a {name} of it in the task"),
    ((bytes, bytearray, memoryview), "store it, and pass its id"),
    ((set, frozenset), "pass a list"),
)


def problem(annotation: Any) -> str:
    """Why JSON can't carry values of this annotation, and the mend; empty if it can."""
    annotation = _unwrapped(annotation)
    if annotation is None or annotation in (*ANYTHING, *PLAIN, *LISTS, *MAPPINGS):
        return ""
    if isinstance(annotation, str):
        return ""  # a name that is there for type checkers only
    if typing.is_typeddict(annotation):
        return _first(typing.get_type_hints(annotation).values())
    origin, parts = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is Literal:
        return _first(type(value) for value in parts)
    if origin in MAPPINGS and parts and parts[0] not in (str, Any):
        return f"its keys are {_name(parts[0])}, and keys of JSON are text: annotate dict[str, …]"
    if origin in (Union, types.UnionType, *LISTS, *MAPPINGS):
        return _first(part for part in parts if part is not Ellipsis)
    return f"it is a {_name(annotation)}: {_mend(annotation)}"


def fits(value: Any, annotation: Any) -> bool:
    """Whether a value that JSON carries is what the annotation asks for."""
    annotation = _unwrapped(annotation)
    if annotation in ANYTHING or isinstance(annotation, str):
        return True
    if annotation is None:
        return value is None
    if annotation is float:
        return isinstance(value, int | float) and not isinstance(value, bool)
    if annotation is int:
        return isinstance(value, int) and not isinstance(value, bool)
    if typing.is_typeddict(annotation):
        return isinstance(value, dict)
    origin, parts = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is Literal:
        return value in parts
    if origin in (Union, types.UnionType):
        return any(fits(value, part) for part in parts)
    kind = origin or annotation
    if kind in LISTS:
        inner = [part for part in parts if part is not Ellipsis]
        # What is written as a tuple is read as a list.
        return isinstance(value, list | tuple) and (
            len(inner) != 1 or all(fits(each, inner[0]) for each in value)
        )
    if kind in MAPPINGS:
        return isinstance(value, dict) and (
            len(parts) != 2 or all(fits(each, parts[1]) for each in value.values())
        )
    return isinstance(value, kind)


def _unwrapped(annotation: Any) -> Any:
    while True:
        if typing.get_origin(annotation) in WRAPPERS:
            annotation = typing.get_args(annotation)[0]
        elif isinstance(annotation, typing.NewType):
            annotation = annotation.__supertype__
        elif hasattr(annotation, "__value__"):  # type Ids = list[int]
            annotation = annotation.__value__
        else:
            return annotation


def _first(annotations) -> str:
    return next((found for each in annotations if (found := problem(each))), "")


def _name(annotation: Any) -> str:
    return getattr(annotation, "__name__", None) or str(annotation)


def _mend(annotation: Any) -> str:
    if hasattr(annotation, "_meta"):
        return "pass its id, and read the row in the task"
    if isinstance(annotation, type):
        for kinds, mend in MENDS:
            if issubclass(annotation, kinds):
                return mend.format(name=annotation.__name__)
    return "use str, int, float, bool, None, list, dict, or unions of them"
