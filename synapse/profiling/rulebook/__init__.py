"""Rules as data: their vocabulary, sentence, SQL and evaluation."""

from synapse.profiling.rulebook.checking import check, pattern_problem
from synapse.profiling.rulebook.counts import RuleCount, add_up
from synapse.profiling.rulebook.errors import InvalidRule
from synapse.profiling.rulebook.evaluation import evaluate_part
from synapse.profiling.rulebook.measures import AttributeMeasures, measure
from synapse.profiling.rulebook.mentions import columns_of
from synapse.profiling.rulebook.quality import quality_of
from synapse.profiling.rulebook.rule import Rule, canonical_json
from synapse.profiling.rulebook.schema import rule_schema
from synapse.profiling.rulebook.sentences import sentence
from synapse.profiling.rulebook.sqltext import DIALECTS, sql
from synapse.profiling.rulebook.vocabulary import (
    KINDS,
    OPERATORS,
    SEVERITIES,
    SOURCES,
    WHOLE_FILE_KINDS,
)
from synapse.profiling.rulebook.whole_file import evaluate_whole

__all__ = [
    "DIALECTS",
    "KINDS",
    "OPERATORS",
    "SEVERITIES",
    "SOURCES",
    "WHOLE_FILE_KINDS",
    "AttributeMeasures",
    "InvalidRule",
    "Rule",
    "RuleCount",
    "add_up",
    "canonical_json",
    "check",
    "columns_of",
    "evaluate_part",
    "evaluate_whole",
    "measure",
    "pattern_problem",
    "quality_of",
    "rule_schema",
    "sentence",
    "sql",
]
