"""What the engine's admin pages share: rows to look at, filters that read no table, results."""

from collections.abc import Callable, Iterable

from django.contrib import admin, messages

from jobs import conf, registry
from jobs.errors import JobsError

# Refusals told one by one; more of them would bury what was done.
MOST_TOLD = 20


class ReadOnly:
    """Rows that the engine alone writes."""

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class ColumnFilter(admin.SimpleListFilter):
    """By a column whose values the program knows, so that none are gathered from the rows."""

    def queryset(self, request, queryset):
        chosen = self.value()
        return queryset.filter(**{self.parameter_name: chosen}) if chosen else queryset


class QueueFilter(ColumnFilter):
    title = parameter_name = "queue"

    def lookups(self, request, model_admin):
        return [(name, name) for name in conf.QUEUES]


class TaskFilter(ColumnFilter):
    title = parameter_name = "task"

    def lookups(self, request, model_admin):
        return sorted((task.name, f"{task.title} ({task.name})") for task in registry.all_tasks())


def tell(request, done: dict[str, list[str]], refused: list[str]) -> None:
    """Say what became of each row: those done by what was done to them, refusals one by one."""
    for text in refused[:MOST_TOLD]:
        messages.warning(request, text)
    if len(refused) > MOST_TOLD:
        messages.warning(request, f"{len(refused) - MOST_TOLD} more were refused.")
    for said, rows in done.items():
        messages.success(request, f"{said}: {', '.join(rows)}.")


def tell_each(request, rows: Iterable, act: Callable, said: str) -> None:
    """Do something to each row by itself, so that a refusal is told and stops no other."""
    done, refused = [], []
    for row in rows:
        try:
            act(row)
            done.append(str(row))
        except JobsError as error:
            refused.append(error.message)
    tell(request, {said: done} if done else {}, refused)
