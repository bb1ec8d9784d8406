"""System checks of the model settings: what can't work is said at the start."""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import Error, Warning, register

from llm import conf


@register("llm")
def check_settings(app_configs, **kwargs) -> list:
    """Only the settings are read; nothing is called."""
    current = conf.current()
    found = []
    if current.structured not in conf.STRUCTURED_MODES:
        found.append(_one_of("llm.E001", "LLM_STRUCTURED", conf.STRUCTURED_MODES))
    if current.dialect not in conf.DIALECTS:
        found.append(_one_of("llm.E002", "LLM_DIALECT", conf.DIALECTS))
    if current.base_url and not _is_address(current.base_url):
        found.append(Error("LLM_BASE_URL must be an http:// or https:// address.", id="llm.E003"))
    if min(current.timeout, current.connect_timeout) <= 0:
        found.append(Error("LLM_TIMEOUT and LLM_CONNECT_TIMEOUT must be above 0.", id="llm.E004"))
    if current.base_url and not current.model:
        found.append(_half("LLM_BASE_URL is set, LLM_MODEL is not", "Set LLM_MODEL too."))
    if current.model and not current.configured:
        found.append(
            _half("LLM_MODEL is set, an endpoint is not", "Set LLM_BASE_URL or LLM_API_KEY too.")
        )
    return found + _entry_problems(getattr(settings, "LLM", {}).get("PROVIDERS", []))


def _entry_problems(entries: list[dict]) -> list[Error]:
    """What is wrong with LLM_PROVIDERS, by the place of the entry."""
    names = [entry.get("name") for entry in entries]
    problems = []
    for place, entry in enumerate(entries, start=1):
        where = f"LLM_PROVIDERS, entry {place}"
        if missing := {"name", "base_url", "model"} - set(entry):
            problems.append(f"{where} lacks {', '.join(sorted(missing))}.")
        if unknown := set(entry) - {"name", "key_env", *conf.OF_A_PROVIDER}:
            problems.append(f"{where} has unknown fields: {', '.join(sorted(unknown))}.")
        if entry.get("name") == "settings" or names.count(entry.get("name")) > 1:
            problems.append(f"{where}: the name {entry.get('name')!r} is taken.")
        if not _is_address(str(entry.get("base_url", ""))):
            problems.append(f"{where}: base_url must be an http:// or https:// address.")
    return [Error(problem, id="llm.E005") for problem in problems]


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port or a bracket that is none
        return False


def _one_of(id_: str, name: str, values: tuple[str, ...]) -> Error:
    return Error(f"{name} must be one of {', '.join(values)}.", id=id_)


def _half(what: str, hint: str) -> Warning:
    return Warning(f"{what}: no model is used.", hint=hint, id="llm.W001")
