"""Asks the approved providers one after another, until one is able to answer."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from llm.conf import Conf
from llm.errors import (
    AuthFailed,
    CircuitOpen,
    LLMError,
    ModelNotFound,
    ProviderFailed,
    ProviderUnreachable,
    QuotaExceeded,
    RateLimited,
    Timeout,
)

logger = logging.getLogger(__name__)
T = TypeVar("T")

# Faults of a provider, which another may not have. What the model said, or what it was asked, is
# no reason to ask another: its answer would be other evidence.
DOWN = (
    AuthFailed,
    CircuitOpen,
    ModelNotFound,
    ProviderFailed,
    ProviderUnreachable,
    QuotaExceeded,
    RateLimited,
    Timeout,
)


async def first_able(route: Sequence[Conf], ask: Callable[[Conf], Awaitable[T]]) -> T:
    """The answer of the first provider that is not down.

    If all are, the error of the one that may be asked again soonest, or else of the first.
    """
    errors: list[LLMError] = []
    for conf in route:
        try:
            return await ask(conf)
        except DOWN as error:
            errors.append(error)
            if len(errors) < len(route):
                logger.warning("%s is passed over: %s", conf.name, error.message)
    waits = [error for error in errors if error.retryable and error.retry_at]
    raise min(waits, key=lambda error: error.retry_at) if waits else errors[0]
