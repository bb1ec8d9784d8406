"""The key of a report whose caller names none: the first column that tells records apart."""

from collections.abc import Sequence
from pathlib import Path

from synapse.planning.models import Attribute
from synapse.profiling import population
from synapse.sampling.pipeline.request import PipelineStopped


def find_identifier(file: Path, attributes: Sequence[Attribute]) -> list[int]:
    """The id of the attribute, or nothing where records go by their number.

    A plan is approved before its population is imported, so the file is looked at here already.
    """
    reading = population.detect(file, file.name, attributes=attributes)
    columns = population.match(reading, attributes).columns
    matched = [column for column in columns if column.attribute_id]
    require_matched(file.name, columns)
    names = {attribute.pk: attribute.name for attribute in attributes}
    found = population.identifier_column(file, reading, matched, names)
    return [column.attribute_id for column in matched if column.name == found]


def require_matched(file: str, columns: Sequence) -> None:
    if not any(column.attribute_id for column in columns):
        names = ", ".join(f"“{column.heading}”" for column in columns[:3])
        raise PipelineStopped(
            reason=f"{file}: none of its {len(columns)} columns ({names}, ...) is an attribute "
            "of the dictionary."
        )
