"""What may run: functions declared with `@task` in the `tasks` modules of installed apps."""

import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from jobs import conf, cron, kinds, payloads
from jobs.errors import InvalidTask, NotJSON, UnknownTask

NAME = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+")
# `enqueue` takes these itself, so a task can't have them as arguments.
RESERVED = frozenset({"task", "subject", "owner", "start_at"})
LONGEST_TIMEOUT = 24 * 3600

_tasks: dict[str, "Task"] = {}


@dataclass(frozen=True)
class Task:
    """A function that may run in a worker, and all the engine knows about it."""

    name: str
    function: Callable[..., Any]
    queue: str
    title: str
    max_attempts: int
    timeout: int
    may_watch: Callable[[Any, Any], bool] | None
    says: Callable[[Any], str] | None
    signature: inspect.Signature = field(repr=False)
    schedule: str = ""

    def __call__(self, run, **arguments):
        return self.function(run, **arguments)


def task(
    name: str,
    *,
    queue: str = "default",
    title: str = "",
    max_attempts: int = 4,
    timeout: int = 1800,
    may_watch: Callable[[Any, Any], bool] | None = None,
    says: Callable[[Any], str] | None = None,
    schedule: str = "",
) -> Callable[[Callable[..., Any]], Task]:
    """Declare a task: `@task("scoping.recommend", queue="llm")` over `def recommend(run, *, …)`.

    `timeout` is in seconds. `may_watch(user, job)` widens who may see the job; without it, its
    owner and staff may. `says(result)` tells people what came of it; without it, its items are
    counted. `schedule` starts it by the clock: minute, hour, day, month, weekday in UTC, such as
    "17 * * * *"; it is then called without arguments (see jobs.periodic).
    """

    def declare(function: Callable[..., Any]) -> Task:
        declared = Task(
            name=name,
            function=function,
            queue=queue,
            title=title or str(name).rpartition(".")[2].replace("_", " ").capitalize(),
            max_attempts=max_attempts,
            timeout=timeout,
            may_watch=may_watch,
            says=says,
            signature=_signature(function),
            schedule=schedule,
        )
        if problem := _problem(declared):
            raise InvalidTask(task=name, reason=problem)
        _tasks[name] = declared
        name_array.cache_clear()
        return declared

    return declare


def get(name: str) -> Task:
    if name not in _tasks:
        raise UnknownTask(task=name)
    return _tasks[name]


def all_tasks() -> list[Task]:
    return sorted(_tasks.values(), key=lambda declared: declared.name)


def forget(name: str) -> None:
    """Take a task out again; for tests that declare their own."""
    _tasks.pop(name, None)
    name_array.cache_clear()


@cache
def name_array() -> str:
    """The names of all tasks as PostgreSQL writes an array; a name needs no quotes in it.

    Text, because each claim sends it, and a list of names takes 0.2 ms to be made ready.
    """
    return "{" + ",".join(_tasks) + "}"


def _signature(function: Callable[..., Any]) -> inspect.Signature:
    try:
        return inspect.signature(function, eval_str=True)
    except Exception:  # noqa: BLE001  a name that is only there for type checkers
        return inspect.signature(function)


def _problem(declared: Task) -> str:
    if not isinstance(declared.name, str) or not NAME.fullmatch(declared.name):
        return 'a name is lower case with a dot, like "scoping.recommend".'
    if declared.name in _tasks:
        other = _tasks[declared.name].function
        return f"{other.__module__}.{other.__qualname__} already has this name."
    if declared.queue not in conf.QUEUES:
        return f"there is no queue {declared.queue!r}; there are {', '.join(conf.QUEUES)}."
    if not _whole(declared.timeout, 1, LONGEST_TIMEOUT):
        return (
            f"timeout must be whole seconds from 1 to {LONGEST_TIMEOUT}: its lease lasts as long "
            "as its worker lives, so only this ends a job that hangs. Split longer work into jobs."
        )
    if not _whole(declared.max_attempts, 1, 100):
        return "max_attempts must be a whole number from 1 to 100."
    for name in ("may_watch", "says"):
        given = getattr(declared, name)
        if given is not None and not callable(given):
            return f"{name} must be a function, not {given!r}."
    if inspect.iscoroutinefunction(declared.function):
        return "it is async; a task is a plain function that gives coroutines to run.map."
    if inspect.isgeneratorfunction(declared.function):
        return "it is a generator, which would never run; let it work in a loop and return."
    parameters = list(declared.signature.parameters.values())
    return _parameter_problem(parameters) or _schedule_problem(declared.schedule, parameters[1:])


def _parameter_problem(parameters: list[inspect.Parameter]) -> str:
    positional = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    if not parameters or parameters[0].kind not in positional:
        return "its first parameter must be the run: def f(run, *, …)."
    for parameter in parameters[1:]:
        if parameter.kind is not inspect.Parameter.KEYWORD_ONLY:
            return f"{parameter.name!r} must be keyword only: def f(run, *, {parameter.name})."
        if parameter.name in RESERVED:
            return f"{parameter.name!r} is an argument of enqueue itself; choose another name."
        if problem := kinds.problem(parameter.annotation):
            return f"JSON can't carry {parameter.name!r}, as {problem}."
        if parameter.default is not inspect.Parameter.empty:
            try:
                payloads.as_json(parameter.default, f"the default of {parameter.name!r}")
            except NotJSON as error:
                return str(error)
    return ""


def _schedule_problem(schedule: str, arguments: list[inspect.Parameter]) -> str:
    if schedule == "":
        return ""
    for argument in arguments:
        if argument.default is inspect.Parameter.empty:
            return f"the clock starts it without arguments, and {argument.name!r} has no default."
    return cron.problem(schedule)


def _whole(value: Any, least: int, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most
