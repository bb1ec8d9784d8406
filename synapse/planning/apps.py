"""The planning app, and what it tells the spine about its phase."""

from django.apps import AppConfig


class PlanningConfig(AppConfig):
    name = "synapse.planning"
    label = "planning"

    def ready(self):
        from synapse.planning import hooks

        hooks.register()
