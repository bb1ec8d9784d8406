"""Rules as data: their vocabulary, sentence, SQL and evaluation."""

from synapse.profiling.rulebook.errors import InvalidRule
from synapse.profiling.rulebook.rule import Rule, canonical_json
from synapse.profiling.rulebook.vocabulary import (
    KINDS,
    OPERATORS,
    SEVERITIES,
    SOURCES,
    WHOLE_FILE_KINDS,
)

__all__ = [
    "KINDS",
    "OPERATORS",
    "SEVERITIES",
    "SOURCES",
    "WHOLE_FILE_KINDS",
    "InvalidRule",
    "Rule",
    "canonical_json",
]
