"""The app: registers its system checks, and watches connections for the guard."""

from django.apps import AppConfig


class LlmConfig(AppConfig):
    name = "llm"
    label = "llm"
    verbose_name = "Language model"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.db.backends.signals import connection_created

        from llm import checks, guard  # noqa: F401  checks register themselves

        connection_created.connect(guard.remember, dispatch_uid="llm.guard")
