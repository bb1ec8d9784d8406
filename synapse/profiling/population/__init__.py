"""A file of records, read: detected, matched to attributes, turned into Parquet.

Path of a file: `detect` its reading, `match` its fields to attributes, `prepare` its readable form,
`plan_chunks` of it, `read_chunk` each into a part, `combine` what they found.
"""

from synapse.profiling.population.chunks import plan_chunks
from synapse.profiling.population.dates import date_formats
from synapse.profiling.population.decoding import ENCODINGS
from synapse.profiling.population.detecting import detect
from synapse.profiling.population.errors import UnreadablePopulation
from synapse.profiling.population.keys import identifier_column
from synapse.profiling.population.matching import match
from synapse.profiling.population.preparing import prepare
from synapse.profiling.population.schema import (
    Chunk,
    ChunkResult,
    Column,
    Match,
    Reading,
    RejectedRow,
    Totals,
    columns_from_json,
)
from synapse.profiling.population.totals import combine
from synapse.profiling.population.writing import read_chunk

__all__ = [
    "ENCODINGS",
    "Chunk",
    "ChunkResult",
    "Column",
    "Match",
    "Reading",
    "RejectedRow",
    "Totals",
    "UnreadablePopulation",
    "columns_from_json",
    "combine",
    "date_formats",
    "detect",
    "identifier_column",
    "match",
    "plan_chunks",
    "prepare",
    "read_chunk",
]
