"""Which schedule of a dictionary a population is: the one whose fields its columns are."""

from dataclasses import dataclass
from pathlib import Path

from synapse.planning.dictionary.reading import read_dictionary
from synapse.planning.errors import UnknownSchedule
from synapse.planning.services.documents import upload_limit
from synapse.profiling import population


@dataclass(frozen=True)
class Candidate:
    """A field of a dictionary, as far as columns are matched to it."""

    pk: int
    name: str
    technical_name: str
    item_code: str
    line: str
    data_type: str
    format: str
    length: int | None
    scale: int | None
    allowed_values: list
    position: int


def fitting_schedule(dictionary: Path, file: Path) -> str:
    """Empty where the dictionary has one schedule; raises UnknownSchedule where none fits best."""
    content = dictionary.read_bytes()
    options = {"limit": upload_limit()}
    try:
        read_dictionary(content, dictionary.name, **options)
    except UnknownSchedule as error:
        scores = {
            schedule: _matched(content, dictionary.name, schedule, file, options)
            for schedule in error.details["choices"]
        }
        best, *others = sorted(scores, key=lambda schedule: -scores[schedule])
        if not scores[best] or (others and scores[others[0]] == scores[best]):
            raise
        return best
    return ""


def _matched(content: bytes, name: str, schedule: str, file: Path, options: dict) -> float:
    """The share of the schedule's fields and of the file's columns that are each other's."""
    fields = [
        Candidate(
            number, each.name, each.technical_name, each.item_code, each.line, each.data_type,
            each.format, each.length, each.scale, each.allowed_values, number,
        )
        for number, each in enumerate(
            read_dictionary(content, name, schedule=schedule, **options).fields, start=1
        )
    ]  # fmt: skip
    reading = population.detect(file, file.name, attributes=fields)
    columns = population.match(reading, fields).columns
    found = sum(column.attribute_id is not None for column in columns)
    return 2 * found / (len(fields) + len(columns))
