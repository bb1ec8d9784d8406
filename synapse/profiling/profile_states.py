"""The fixed vocabulary of what became of a rule in a profile."""

from django.db import models


class ResultStatus(models.TextChoices):
    RUN = "run", "run"
    ERROR = "error", "could not be run"
