"""An app of the tests alone: commands that only a test database may run."""

from django.apps import AppConfig


class SupportConfig(AppConfig):
    name = "tests.support"
    label = "support"
