"""The sampling phase: which records are tested, and why each."""

from django.apps import AppConfig


class SamplingConfig(AppConfig):
    name = "synapse.sampling"
    label = "sampling"

    def ready(self) -> None:
        from synapse.sampling import hooks

        hooks.register()
