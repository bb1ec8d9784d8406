"""The fixed vocabularies of planning."""

from django.db import models


class DocumentKind(models.TextChoices):
    DICTIONARY = "dictionary", "data dictionary"
    SPECIFICATION = "specification", "specification"
    CDE_LIST = "cde_list", "list of critical data elements"
    ISSUE_LIST = "issue_list", "list of historical issues"


class TextState(models.TextChoices):
    """Whether a specification's text is there; only a PDF's or Word file's isn't at once."""

    READY = "ready", "ready"
    PENDING = "pending", "being taken out"
    FAILED = "failed", "not taken out"


class DataType(models.TextChoices):
    STRING = "string", "text"
    INTEGER = "integer", "whole number"
    DECIMAL = "decimal", "decimal number"
    DATE = "date", "date"
    BOOLEAN = "boolean", "yes or no"


class Requirement(models.TextChoices):
    MANDATORY = "mandatory", "mandatory"
    CONDITIONAL = "conditional", "conditional"
    OPTIONAL = "optional", "optional"


class Source(models.TextChoices):
    DICTIONARY = "dictionary", "dictionary"
    MODEL = "model", "drafted by model"
    MANUAL = "manual", "by hand"


class Support(models.TextChoices):
    """Whether the source an attribute names bears it out."""

    SUPPORTED = "supported", "supported"
    UNSUPPORTED = "unsupported", "unsupported"
    NOTED = "noted", "settled by a note"


class DictionaryMatch(models.TextChoices):
    """How a drafted name stands in the dictionary; empty where there is none to compare with."""

    FOUND = "found", "in the dictionary"
    ALIKE = "alike", "like a field of the dictionary"
    ABSENT = "absent", "not in the dictionary"


class IssueStatus(models.TextChoices):
    OPEN = "open", "open"
    CLOSED = "closed", "closed"
