"""An app of the tests alone: commands that only a test database may run."""

from django.apps import AppConfig

from tests.support import sent


class SupportConfig(AppConfig):
    name = "tests.support"
    label = "support"

    def ready(self) -> None:
        sent.watch()
