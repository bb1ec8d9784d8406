"""The fixed vocabularies of populations."""

from django.db import models


class PopulationState(models.TextChoices):
    """How far a file has come; derived from what is stored, never stored itself."""

    UPLOADING = "uploading", "upload unfinished"
    STORED = "stored", "to be confirmed"
    CONFIRMED = "confirmed", "confirmed"
    IMPORTED = "imported", "imported"
