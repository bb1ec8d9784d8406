"""System checks of the model settings: what can't work is said at the start."""

from urllib.parse import urlsplit

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
    return found


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
