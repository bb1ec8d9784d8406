"""All three steps at once, for whoever has the files at hand and no job to follow."""

from collections.abc import Sequence
from pathlib import Path

from synapse.sampling.selection.choosing import choose
from synapse.sampling.selection.context import Context
from synapse.sampling.selection.options import Options
from synapse.sampling.selection.outcome import Selection
from synapse.sampling.selection.pools import pool_part
from synapse.sampling.selection.survey import survey


def draw(
    parts: Sequence[Path],
    context: Context,
    options: Options,
    folder: Path,
    failures: Sequence[Path] = (),
    *,
    threads: int | None = None,
) -> Selection:
    """Leaves one pool a part in `folder`."""
    options.check()
    found = survey(parts, context, threads=threads)
    options.check(population=found.records)
    pools, counts = [], []
    for at, part in enumerate(parts, start=1):
        out = folder / f"pool-{at:05}.parquet"
        counts.append(pool_part(part, context, options, found, failures, out, threads=threads))
        pools.append(out)
    return choose(pools, context, options, found, counts, threads=threads)
