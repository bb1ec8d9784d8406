"""Whether the configured model answers, and what to mend when it does not."""

from dataclasses import dataclass

from asgiref.sync import async_to_sync
from pydantic import BaseModel

from llm import conf
from llm.client import complete
from llm.errors import LLMError

_MENDS = {
    "llm_auth_failed": "Set LLM_API_KEY to a valid key.",
    "llm_quota_exceeded": "Add budget to the account at the provider, or choose another.",
    "llm_model_not_found": "Set LLM_MODEL to a model the endpoint offers (GET .../models).",
    "llm_provider_unreachable": "Check LLM_BASE_URL, the network, and that the endpoint runs.",
    "llm_timeout": "Check the endpoint's load, or raise LLM_TIMEOUT.",
    "llm_rate_limited": "Wait until the given time; jobs do so by themselves.",
    "llm_circuit_open": "Mend the endpoint; jobs wait and go on by themselves once it answers.",
    "llm_invalid_answer": "The model does not keep to a schema: choose one with structured "
    "output, or try LLM_STRUCTURED=json_object.",
    "llm_request_rejected": "The endpoint may not know strict schemas: try "
    "LLM_STRUCTURED=json_object or text.",
}
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


def check() -> Health:
    """Asks the model one tiny structured question."""
    label = conf.provider_label()
    if not conf.configured():
        return Health(
            ok=True,
            configured=False,
            label=label,
            message="No model is configured: what needs one is refused or done by rules.",
            mend="Set LLM_BASE_URL, LLM_API_KEY and LLM_MODEL to use one.",
        )
    try:
        answer = async_to_sync(complete)("llm.health", {"numbers": [2, 3]}, Sum, fresh=True)
    except LLMError as error:
        mend = _MENDS.get(error.code, _OTHERWISE)
        return Health(False, True, label, error.message, mend)
    return Health(True, True, label, f"{answer.model} answered in {answer.call.latency_ms} ms.")
