"""Records that a person chooses: added with a reason, removed while the version is a draft."""

from django.db import transaction

from synapse.audit.services import record
from synapse.common.errors import Invalid, require_reason
from synapse.profiling import storage
from synapse.sampling import ground, selection
from synapse.sampling.errors import (
    NotManual,
    RecordAmbiguous,
    RecordTwice,
    RecordUnknown,
)
from synapse.sampling.models import Sample, SampleSet
from synapse.sampling.records import key_values, row_hash
from synapse.sampling.selection.lookup import find
from synapse.sampling.services.editing import lock_draft_of
from synapse.sampling.states import Selection, Source

LARGEST_NUMBER = 2**62
MOST_NAMED = 5


def add_record(
    *, sample_set: SampleSet, actor, record_no: int | None = None, key: str = "", reason: str
) -> Sample:
    """Adds the record of that number or key, as it stands in the set's population.

    It is looked up before the draft is locked: nothing slow stands in the transaction.
    """
    reason = require_reason(reason, "the file has to show why this record is tested")
    if bool(record_no) == bool(key):
        detail = "Name the record by its number or by its key."
        raise Invalid(
            reason=detail, errors=[{"pointer": "/record_no", "code": "one_of", "detail": detail}]
        )
    with transaction.atomic():
        # First of all whether the person may, so that nobody learns of records by asking.
        sample_set = lock_draft_of(actor, sample_set.pk)
    fields = ground.fields_of(sample_set.scope, sample_set.population)
    number, own_key, row = _found(sample_set, record_no, key)
    with transaction.atomic():
        sample_set = lock_draft_of(actor, sample_set.pk)
        twins = sample_set.samples.filter(record_no=number) | sample_set.samples.filter(key=own_key)
        if twins.exists():
            raise RecordTwice(record_no=number, key=own_key)
        sample = Sample.objects.create(
            version=sample_set,
            record_no=number,
            key=own_key,
            key_values=key_values(row, fields.key_names),
            row={name: row.get(name) for name in fields.shown},
            row_hash=row_hash(row, sample_set.population),
            rationale=reason,
            selection=Selection.MANUAL,
            source=Source.MANUAL,
        )
        _record(sample_set, "add", sample, actor, reason)
    return sample


@transaction.atomic
def remove_record(*, sample: Sample, actor) -> int:
    """Takes out a record that was added by hand; what was drawn is decided instead."""
    sample_set = lock_draft_of(actor, sample.version_id)
    sample = sample_set.samples.select_for_update(of=("self",)).get(pk=sample.pk)
    if not sample.is_manual:
        raise NotManual(record_no=sample.record_no)
    _record(sample_set, "remove", sample, actor, sample.rationale)
    sample.delete()
    return sample.record_no


def key_label(sample_set: SampleSet) -> str:
    """How a record is named in this set, for people."""
    return " | ".join(sample_set.key_columns) or "the record number"


def _found(sample_set: SampleSet, record_no: int | None, key: str):
    """Number, key and row of the one record meant."""
    population = sample_set.population
    keys = tuple(sample_set.key_columns)
    columns = [column["name"] for column in population.columns]
    if record_no is not None and record_no > LARGEST_NUMBER:
        raise RecordUnknown(population=population, what=f"number {record_no}")
    with storage.local_parts(population) as parts:
        found = find(parts, keys, record_no=record_no, key=key)
        if not found:
            what = f"number {record_no}" if record_no else f"with the key {key}"
            raise RecordUnknown(population=population, what=what)
        if len(found) > 1:
            numbers = ", ".join(str(number) for number, _ in found[:MOST_NAMED])
            raise RecordAmbiguous(key=key, count=len(found), numbers=numbers)
        number, own_key = found[0]
        return number, own_key, selection.rows_of(parts, [number], columns)[number]


def _record(sample_set: SampleSet, verb: str, sample: Sample, actor, reason: str) -> None:
    record(
        actor=actor,
        action=f"sampleset.{verb}_record",
        obj=sample_set,
        after={"record_no": sample.record_no, "key": sample.key, "row_hash": sample.row_hash},
        reason=reason,
        cycle_report=sample_set.cycle_report,
    )
