"""The profiling phase: populations, rules, and what the rules find in them."""

from django.apps import AppConfig


class ProfilingConfig(AppConfig):
    name = "synapse.profiling"
    label = "profiling"

    def ready(self) -> None:
        from synapse.profiling import hooks

        hooks.register()
