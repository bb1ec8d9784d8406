"""Which endpoints there are, from settings and admin, and which may answer an operation."""

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from llm import conf, secrecy
from llm.conf import Conf
from llm.errors import NoSuchProvider, NotConfigured
from llm.models import Provider, Route

# The endpoint of LLM_BASE_URL; the route of every operation that has no other.
SETTINGS = "settings"
EVERY_OPERATION = "*"


def every() -> list[Conf]:
    """All that can be called: of the settings first, then of the admin, by name."""
    found = {each.name: each for each in conf.from_settings()}
    for row in Provider.objects.filter(enabled=True).order_by("name"):
        found.setdefault(row.name, of_row(row))
    return [*found.values()]


def routed(operation: str) -> list[Conf]:
    """The providers that may answer, in the order to ask them; by default the settings' first.

    Only an approved route counts. Raises NotConfigured when there is nobody to ask.
    """
    routes = {
        route.operation: route.providers
        for route in Route.objects.filter(
            operation__in=[operation, EVERY_OPERATION], approved_at__isnull=False
        )
    }
    names = routes.get(operation) or routes.get(EVERY_OPERATION)
    if names is None:
        found = conf.from_settings()[:1]
    else:
        known = {each.name: each for each in every()}
        found = [known[name] for name in names if name in known]
    if not found:
        raise NotConfigured()
    return found


def provider_label(operation: str) -> str:
    """What to call who is asked first; empty if there is nobody to ask.

    Says nothing about whether it answers.
    """
    try:
        first = routed(operation)[0]
    except NotConfigured:
        return ""
    return "simulated model" if first.simulated else first.model


def named(name: str) -> Conf:
    """The provider of this name; NoSuchProvider if there is none, or it is switched off."""
    for each in every():
        if each.name == name:
            return each
    raise NoSuchProvider(name=name, names=", ".join(each.name for each in every()) or "none")


def of_row(row: Provider) -> Conf:
    """A provider of the admin, with the policy of the settings."""
    values = {field: getattr(row, field) for field in conf.OF_A_PROVIDER}
    return conf.of_values(row.name, key_of(row.key_from), values)


def key_of(key_from: str) -> str:
    """The key itself, from where it is kept; empty if none is needed, or none can be read there."""
    kind, _, place = key_from.partition(":")
    if kind == "env":
        return os.environ.get(place, "").strip()
    if kind == "file":
        with suppress(OSError, ValueError):
            return Path(place).read_text(encoding="utf-8").strip()
    return ""


def keys() -> dict[str, str]:
    """The keys of the admin's providers, also those switched off, by the words for each."""
    rows = Provider.objects.exclude(key_from="").order_by().values_list("name", "key_from")
    return {f"key of the provider {name}": key_of(key_from) for name, key_from in rows}


def key_problem(key_from: str) -> str:
    """What is wrong with where a key is said to be; empty if nothing is."""
    kind, separator, place = key_from.partition(":")
    if not key_from:
        return ""
    if not separator or kind not in ("env", "file") or not place:
        return "Write env:NAME or file:/path: where the key is, never the key itself."
    key = key_of(key_from)
    if not key:
        where = "environment of this process" if kind == "env" else "file system of this host"
        return f"There is no key at {place} in the {where}."
    if not key.isprintable() or " " in key:
        return f"What stands at {place} is no key: a key is one word."
    if name := secrecy.not_for_models(key):
        return f"What stands at {place} is a secret that no model's endpoint may get ({name})."
    return ""


def unknown(names: Iterable[str]) -> list[str]:
    """Those names that no provider has, enabled or not."""
    known = {each.name for each in conf.from_settings()} | {SETTINGS}
    known |= set(Provider.objects.values_list("name", flat=True))
    return [name for name in names if name not in known]
