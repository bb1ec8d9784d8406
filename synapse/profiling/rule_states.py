"""The fixed vocabularies of rules and their versions."""

from django.db import models


class RuleKind(models.TextChoices):
    NOT_BLANK = "not_blank", "not blank"
    IN_SET = "in_set", "in a list"
    REGEX = "regex", "pattern"
    RANGE = "range", "range"
    LENGTH = "length", "length"
    DATE_FORMAT = "date_format", "date format"
    COMPARE = "compare", "comparison"
    SUM_EQUALS = "sum_equals", "sum"
    IF_THEN = "if_then", "condition"
    UNIQUE = "unique", "unique"
    CONSTANT = "constant", "one value in the file"


class Severity(models.TextChoices):
    LOW = "low", "low"
    MEDIUM = "medium", "medium"
    HIGH = "high", "high"
    CRITICAL = "critical", "critical"


class RuleSource(models.TextChoices):
    DICTIONARY = "dictionary", "dictionary"
    INSTRUCTIONS = "instructions", "instructions"
    INFERRED = "inferred", "inferred"
    MANUAL = "manual", "by hand"
    MODEL = "model", "drafted by model"
