"""Where the words of scoping come from: who judged an attribute, how it was decided."""

from django.db import models


class JudgedBy(models.TextChoices):
    NOBODY = "", "not judged"
    MODEL = "model", "model"
    ESTIMATED = "estimated", "estimated"


class QuotedField(models.TextChoices):
    """Where in an attribute's own text a quote occurs."""

    NOWHERE = "", "nowhere"
    DESCRIPTION = "description", "description"
    ALLOWED_VALUES = "allowed_values", "allowed values"
    FORMAT = "format", "format"
    NAME = "name", "name"


class Decision(models.TextChoices):
    """What can be decided for several attributes at once."""

    INCLUDE = "in", "in scope"
    EXCLUDE = "out", "out of scope"
    FOLLOW = "advice", "as advised"
    CLEAR = "clear", "undecided"
