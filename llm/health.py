"""Whether each configured model answers, and what to mend where one does not."""

from dataclasses import dataclass

from asgiref.sync import async_to_sync
from pydantic import BaseModel

from llm import providers
from llm.client import complete
from llm.conf import Conf
from llm.errors import LLMError

# Of the endpoint of the settings; the others are kept in the admin or in LLM_PROVIDERS.
_MENDS = {
    "llm_auth_failed": "Set LLM_API_KEY to a valid key.",
    "llm_quota_exceeded": "Add budget to the account at the provider, or choose another.",
    "llm_model_not_found": "Set LLM_MODEL to a model the endpoint offers (GET .../models), and "
    "LLM_BASE_URL to its address up to and with /v1.",
    "llm_provider_unreachable": "Check LLM_BASE_URL, the network, and that the endpoint runs.",
    "llm_timeout": "Check the endpoint's load, or raise LLM_TIMEOUT.",
    "llm_rate_limited": "Wait until the given time; jobs do so by themselves.",
    "llm_stopped": "Let calls go on by the kill switch in the admin; jobs wait for that.",
    "llm_circuit_open": "Mend the endpoint; jobs wait and go on by themselves once it answers.",
    "llm_invalid_answer": "The model does not keep to a schema: choose one with structured "
    "output, or try LLM_STRUCTURED=json_object.",
    "llm_request_rejected": "The endpoint may not know strict schemas: try "
    "LLM_STRUCTURED=json_object or text.",
}
_FIELDS = {
    "LLM_API_KEY": "key", "LLM_MODEL": "model", "LLM_BASE_URL": "base URL",
    "LLM_TIMEOUT": "timeout", "LLM_STRUCTURED": "structured",
}  # fmt: skip
_OTHERWISE = "See the failed call in the admin, under model calls."


class Sum(BaseModel):
    """The answer to the health question."""

    total: int


@dataclass(frozen=True)
class Health:
    """`ok` is also true without a model: the product works without one."""

    ok: bool
    configured: bool
    label: str
    message: str
    mend: str = ""


def check_all() -> list[Health]:
    """Asks every provider one tiny structured question, whether or not a route names it."""
    found = [_check(each) for each in providers.every()]
    if found:
        return found
    return [
        Health(
            ok=True,
            configured=False,
            label="no model",
            message="No model is configured: what needs one is refused or done by rules.",
            mend="Set LLM_BASE_URL, LLM_API_KEY and LLM_MODEL to use one.",
        )
    ]


def _check(conf: Conf) -> Health:
    label = "simulated model" if conf.simulated else f"{conf.model} ({conf.name})"
    ask = async_to_sync(complete)
    try:
        answer = ask("llm.health", {"numbers": [2, 3]}, Sum, fresh=True, provider_name=conf.name)
    except LLMError as error:
        return Health(False, True, label, error.message, _mend(conf, error))
    return Health(True, True, label, f"{answer.model} answered in {answer.call.latency_ms} ms.")


def _mend(conf: Conf, error: LLMError) -> str:
    mend = _MENDS.get(error.code, _OTHERWISE)
    if conf.name == Conf.name:
        return mend
    if error.code == "llm_auth_failed" and not conf.api_key:
        return (
            f"Put its key where the provider {conf.name} says: nothing is there for this process."
        )
    for variable, field in _FIELDS.items():
        mend = mend.replace(variable, f"the {field} of the provider {conf.name}")
    return mend
