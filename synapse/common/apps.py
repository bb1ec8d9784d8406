"""The common app: what every part of the project shares."""

from django.apps import AppConfig


class CommonConfig(AppConfig):
    name = "synapse.common"
    label = "common"
