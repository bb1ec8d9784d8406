"""The sampling app."""

from django.apps import AppConfig


class SamplingConfig(AppConfig):
    name = "synapse.sampling"
    label = "sampling"
