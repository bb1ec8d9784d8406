"""The scoping phase: which attributes are tested this cycle, and why."""

from django.apps import AppConfig


class ScopingConfig(AppConfig):
    name = "synapse.scoping"
    label = "scoping"

    def ready(self) -> None:
        from synapse.scoping import hooks

        hooks.register()
