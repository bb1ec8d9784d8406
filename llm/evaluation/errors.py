"""What stands in the way of an evaluation, of a comparison, or of pinning a version."""

from llm.errors import LLMError


class GoldenUnusable(LLMError):
    code = "llm_golden_unusable"
    message = "{file}, {place}: {problem}."
    http_status = 400


class NotEvaluable(LLMError):
    code = "llm_not_evaluable"
    message = "{operation} can't be evaluated; there are: {operations}."
    http_status = 400


class NotComparable(LLMError):
    code = "llm_not_comparable"
    message = "{first} and {second} can't be compared: {problem}."
    http_status = 409


class PinRefused(LLMError):
    """The version may be pinned only by overriding this, with a reason."""

    http_status = 409


class VersionWorse(PinRefused):
    code = "llm_version_worse"
    message = (
        "Version {version} did worse than version {present}, which is in use: {what}. "
        "Override this, with the reason, to pin it all the same."
    )


class VersionNotEvaluated(PinRefused):
    code = "llm_version_not_evaluated"
    message = (
        "Version {version} has no evaluation on {golden} with {model}, as version {present} has, "
        "which is in use. Evaluate it, or override this with the reason."
    )


class OverrideNeedsReason(LLMError):
    code = "llm_override_needs_reason"
    message = "Say why a version is pinned against its evaluation."
    http_status = 400
