"""The cycles app."""

from django.apps import AppConfig


class CyclesConfig(AppConfig):
    name = "synapse.cycles"
    label = "cycles"
