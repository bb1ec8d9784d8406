"""A record that a person chooses, with a reason: named in a request, looked up by a worker."""

from dataclasses import asdict, dataclass
from typing import Any

from django.db import transaction

from synapse.audit.services import record
from synapse.common.errors import Invalid, require_reason
from synapse.profiling import storage
from synapse.profiling.selectors.populations import files_by_number
from synapse.sampling import ground
from synapse.sampling.errors import (
    RecordAmbiguous,
    RecordRejected,
    RecordTwice,
    RecordUnknown,
    SamplesMoved,
)
from synapse.sampling.models import Sample, SampleSet
from synapse.sampling.records import key_values, row_hash
from synapse.sampling.selection.lookup import numbers_of, record_at
from synapse.sampling.services.editing import lock_draft_of
from synapse.sampling.states import Selection, Source

MOST_NAMED = 5


@dataclass(frozen=True)
class Wish:
    """The record that a person wants among the samples, by its number or by its key."""

    population_id: int
    record_no: int | None
    key: str
    reason: str

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def field(self) -> str:
        """What names the record; a refusal stands beside it."""
        return "record_no" if self.record_no else "key"

    @property
    def told(self) -> str:
        return f"number {self.record_no}" if self.record_no else f"with the key {self.key}"


@dataclass(frozen=True)
class Found:
    """The one record meant, as it stands in the population."""

    record_no: int
    key: str
    row: dict[str, str | None]


def begin(
    *,
    sample_set: SampleSet,
    actor,
    reason: str,
    record_no: int | None = None,
    key: str = "",
    population: int | None = None,
) -> Wish:
    """What a worker is to look up, once all that is known without a file speaks for it.

    Call it in the transaction that starts the job: the draft stays locked until then. `population`
    is the one that the person saw, if that is known.
    """
    # First of all whether the person may, so that nobody learns of records by asking.
    sample_set = lock_draft_of(actor, sample_set.pk)
    reason = require_reason(reason, "the file has to show why this record is tested")
    if bool(record_no) == bool(key):
        detail = "Name the record by its number or by its key."
        fault = {"pointer": "/record_no", "code": "one_of", "detail": detail}
        raise Invalid(reason=detail, errors=[fault])
    wish = Wish(population or sample_set.population_id, record_no, key, reason)
    _require_unmoved(sample_set, wish)
    _require_new(sample_set, wish, record_no=record_no, key=key)
    if record_no:
        _require_imported(sample_set.population, wish)
    return wish


class Addition:
    """One wish in the hands of a worker; reads the database once, then works on files."""

    def __init__(self, version_id: int, wish: Wish, actor):
        self.wish, self.actor = wish, actor
        with transaction.atomic():
            self.sample_set = lock_draft_of(actor, version_id)
            _require_unmoved(self.sample_set, wish)
        self.population = self.sample_set.population
        self.keys = tuple(self.sample_set.key_columns)
        self.files = files_by_number(self.population)

    def look_up(self) -> Found:
        """By its number from one file, whatever the population's size; by its key from all."""
        record_no = self.wish.record_no or self._number_of_key()
        columns = [column["name"] for column in self.population.columns]
        files = [file for numbers, file in self.files if record_no in numbers]
        with storage.local_files(files) as parts:
            found = record_at(parts[0], self.keys, record_no, columns) if parts else None
        if found is None:
            raise self._unknown()
        return Found(record_no, *found)

    def store(self, found: Found) -> Sample:
        """Adds it to the draft, in the caller's short transaction."""
        sample_set = lock_draft_of(self.actor, self.sample_set.pk)
        _require_unmoved(sample_set, self.wish, self.keys)
        _require_new(sample_set, self.wish, record_no=found.record_no, key=found.key)
        fields = ground.fields_of(sample_set.scope, sample_set.population)
        sample = Sample.objects.create(
            version=sample_set,
            record_no=found.record_no,
            key=found.key,
            key_values=key_values(found.row, fields.key_names),
            row={name: found.row.get(name) for name in fields.shown},
            row_hash=row_hash(found.row, sample_set.population),
            rationale=self.wish.reason,
            selection=Selection.MANUAL,
            source=Source.MANUAL,
        )
        trace(sample_set, "add", sample, self.actor, self.wish.reason)
        return sample

    def _number_of_key(self) -> int:
        key = self.wish.key
        with storage.local_parts(self.population) as parts:
            numbers = numbers_of(parts, self.keys, key)
        if not numbers:
            raise self._unknown()
        if len(numbers) > 1:
            named = ", ".join(map(str, numbers[:MOST_NAMED]))
            raise RecordAmbiguous(field="key", key=key, count=len(numbers), numbers=named)
        return numbers[0]

    def _unknown(self) -> RecordUnknown:
        wish = self.wish
        return RecordUnknown(field=wish.field, population=self.population, what=wish.told)


def summary(version_id: int, wish: Wish) -> dict[str, Any]:
    """What the job tells at its end."""
    named = {"record_no": wish.record_no} if wish.record_no else {"key": wish.key}
    sample = Sample.objects.filter(version=version_id, selection=Selection.MANUAL, **named).first()
    if sample is None:
        return {"sample": None} | named
    return {"sample": sample.pk, "record_no": sample.record_no, "key": sample.key}


def key_label(sample_set: SampleSet) -> str:
    """How a record is named in this set, for people."""
    return " | ".join(sample_set.key_columns) or "the record number"


def trace(sample_set: SampleSet, verb: str, sample: Sample, actor, reason: str) -> None:
    """Writes into the audit trail that a record came or went."""
    record(
        actor=actor,
        action=f"sampleset.{verb}_record",
        obj=sample_set,
        after={"record_no": sample.record_no, "key": sample.key, "row_hash": sample.row_hash},
        reason=reason,
        cycle_report=sample_set.cycle_report,
    )


def _require_unmoved(
    sample_set: SampleSet, wish: Wish, keys: tuple[str, ...] | None = None
) -> None:
    moved = sample_set.population_id != wish.population_id
    if moved or (keys is not None and tuple(sample_set.key_columns) != keys):
        raise SamplesMoved(current=sample_set.population)


def _require_new(sample_set: SampleSet, wish: Wish, *, record_no: int | None, key: str) -> None:
    """Refuses a record that is in the draft by its number or by its key."""
    same = sample_set.samples.filter(record_no=record_no) if record_no else Sample.objects.none()
    twin = (same | sample_set.samples.filter(key=key) if key else same).first()
    if twin is not None:
        raise RecordTwice(field=wish.field, record_no=twin.record_no, key=twin.key)


def _require_imported(population, wish: Wish) -> None:
    record_no = wish.record_no
    if record_no > population.record_count:
        raise RecordUnknown(field=wish.field, population=population, what=wish.told)
    rejected = population.rejected_rows.filter(record_no=record_no).first()
    if rejected is not None:
        raise RecordRejected(
            field=wish.field, record_no=record_no, population=population, reason=rejected.reason
        )
