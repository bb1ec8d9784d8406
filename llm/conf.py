"""Typed settings: which endpoint and model, with which limits."""

import os
from dataclasses import dataclass, field, replace
from decimal import Decimal
from urllib.parse import urlsplit

from django.conf import settings

STRUCTURED_MODES = ("json_schema", "json_object", "text")
# Reasoning models name the output limit otherwise, and take no temperature.
DIALECTS = ("standard", "reasoning")
# What is said of one provider; the rest is policy, the same for all.
OF_A_PROVIDER = (
    "base_url",
    "model",
    "structured",
    "dialect",
    "timeout",
    "connect_timeout",
    "rpm",
    "tpm",
    "context_tokens",
    "output_tokens",
    "price_in",
    "price_out",
    "simulated",
)


@dataclass(frozen=True)
class Conf:
    """One provider and the policy around it; read from `settings.LLM` at each use."""

    name: str = "settings"
    base_url: str = ""
    api_key: str = field(default="", repr=False)
    model: str = ""
    simulated: bool = False
    # What it can read and write at once, in tokens; 0 where that isn't known.
    context_tokens: int = 0
    output_tokens: int = 0
    timeout: float = 90
    connect_timeout: float = 10
    # Seconds for one answer with all its attempts and waits.
    deadline: float = 300
    structured: str = "json_schema"
    dialect: str = "standard"
    price_in: Decimal = Decimal(0)
    price_out: Decimal = Decimal(0)
    reasks: int = 2
    cache_seconds: int = 3600
    keep_days: int = 2555
    breaker_failures: int = 5
    breaker_seconds: float = 60
    database_connections: int = 4
    # Limits: 0 is none. Requests and tokens a minute of the endpoint; tokens of a job and a day.
    rpm: int = 0
    tpm: int = 0
    budget_job: int = 0
    budget_user_day: int = 0
    budget_day: int = 0

    @property
    def configured(self) -> bool:
        return bool(self.model and (self.base_url or self.api_key))

    @property
    def provider(self) -> str:
        """The endpoint's host and port: what the circuit breaker and the audit name."""
        netloc = urlsplit(self.base_url or "https://api.openai.com/v1").netloc
        return netloc.rpartition("@")[2]  # an address may hold a password

    def cost(self, tokens_in: int, tokens_out: int) -> Decimal:
        """Money for these tokens, by the configured prices a million tokens."""
        return (self.price_in * tokens_in + self.price_out * tokens_out) / Decimal(1_000_000)


def from_settings() -> list[Conf]:
    """The endpoint of the settings, if it is set, and those of LLM["PROVIDERS"]."""
    own = current()
    others = [_of_entry(entry) for entry in getattr(settings, "LLM", {}).get("PROVIDERS", [])]
    return [own, *others] if own.configured else others


def of_values(name: str, api_key: str, values: dict) -> Conf:
    """A provider by its own values (of OF_A_PROVIDER), with the policy of the settings."""
    own, plain = current(), Conf()
    said = {each: values.get(each, getattr(plain, each)) for each in OF_A_PROVIDER}
    for price in ("price_in", "price_out"):
        said[price] = Decimal(str(said[price]))
    return replace(own, name=name, api_key=api_key, **said)


def _of_entry(entry: dict) -> Conf:
    return of_values(entry["name"], os.environ.get(entry.get("key_env", ""), ""), entry)


def current() -> Conf:
    """The settings as they are now; tests change them between calls."""
    raw = getattr(settings, "LLM", {})
    known = {name: raw[name.upper()] for name in Conf.__dataclass_fields__ if name.upper() in raw}
    for name in ("price_in", "price_out"):
        if name in known:
            known[name] = Decimal(str(known[name]))
    return Conf(**known)
