"""Choosing records: reasons, ranking, cover, mix and order, apart from any database.

Three steps, each a function of files, so that a job can take them one item at a time:

    found = survey(parts, context)                                    # thresholds of the whole file
    count = pool_part(part, context, options, found, failures, out)   # one pass a part
    selection = choose(pool_files, context, options, found, counts)   # merges the pools

`found.as_json()` / `Survey.from_json()` and `count.as_json()` / `PoolCount.from_json()` carry them
between workers; `failures` are the profile's failure files (none without a profile). `draw` takes
all three at once. `rows_of(parts, record_nos, columns)` reads the records chosen. `sizes` has the
sample sizes and upper limits of auditors.
"""

from synapse.sampling.selection.choosing import choose
from synapse.sampling.selection.context import Context, Quantiles, RunRule, ScopedAttribute
from synapse.sampling.selection.drawing import draw
from synapse.sampling.selection.options import Options
from synapse.sampling.selection.outcome import ChosenRecord, Reason, Selection
from synapse.sampling.selection.pools import PoolCount, pool_part
from synapse.sampling.selection.rows import rows_of
from synapse.sampling.selection.survey import Survey, survey

__all__ = [
    "ChosenRecord",
    "Context",
    "Options",
    "PoolCount",
    "Quantiles",
    "Reason",
    "RunRule",
    "ScopedAttribute",
    "Selection",
    "Survey",
    "choose",
    "draw",
    "pool_part",
    "rows_of",
    "survey",
]
