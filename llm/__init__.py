"""A guarded client for language models: `complete`, and who would be asked."""

from importlib import import_module

_HOMES = {
    "complete": "llm.client",
    "prompt_scope": "llm.prompts",
    "Answer": "llm.client",
    "provider_label": "llm.providers",
}

__all__ = ["Answer", "complete", "prompt_scope", "provider_label"]


def __getattr__(name: str):
    # Imported on first use: the client needs the models, which need the app registry.
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'llm' has no attribute {name!r}")
