"""The fixed words of sampling: how records are drawn, what they are, how they are decided."""

from django.db import models


class Method(models.TextChoices):
    RISK = "risk", "by risk"
    SIMPLE_RANDOM = "simple_random", "simple random"


class Category(models.TextChoices):
    """What a record is; it has one category, the first of these that fits."""

    ANOMALY = "anomaly", "anomaly"
    BOUNDARY = "boundary", "boundary"
    CLEAN = "clean", "clean"


class Selection(models.TextChoices):
    """How a record came to be chosen. Only what chance chose says something of the others."""

    RANDOM = "random", "at random"
    TARGETED = "targeted", "targeted"
    MANUAL = "manual", "by hand"


class Source(models.TextChoices):
    DRAWN = "drawn", "drawn"
    MANUAL = "manual", "added by hand"
    CARRIED = "carried", "carried over"


class Decision(models.TextChoices):
    APPROVED = "approved", "in"
    REJECTED = "rejected", "out"


class BulkDecision(models.TextChoices):
    """What can be decided for several samples at once."""

    APPROVE = "approved", "in"
    REJECT = "rejected", "out"
    CLEAR = "clear", "undecided"
