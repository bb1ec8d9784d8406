"""The profiling app."""

from django.apps import AppConfig


class ProfilingConfig(AppConfig):
    name = "synapse.profiling"
    label = "profiling"
