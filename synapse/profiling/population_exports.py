"""What may be taken away of a population."""

from collections.abc import Iterator

from synapse.common.streaming import csv_lines
from synapse.profiling.models import Population
from synapse.profiling.selectors import populations as selectors

REJECTED = ["record_no", "line_no", "code", "reason", "text"]


def rejected_rows(population: Population) -> tuple[str, Iterator[str]]:
    """The file's name and its lines; read at once, because sending must not need the database."""
    rows = list(selectors.rejected_rows(population).values_list(*REJECTED))
    return f"population-{population.pk}-rejected.csv", csv_lines(REJECTED, rows)
