"""Records that were added by hand are taken out again while the version is a draft."""

from django.db import transaction

from synapse.sampling.errors import NotManual
from synapse.sampling.models import Sample
from synapse.sampling.services.adding import trace
from synapse.sampling.services.editing import lock_draft_of


@transaction.atomic
def remove_record(*, sample: Sample, actor) -> int:
    """Takes out a record that was added by hand; what was drawn is decided instead."""
    sample_set = lock_draft_of(actor, sample.version_id)
    sample = sample_set.samples.select_for_update(of=("self",)).get(pk=sample.pk)
    if not sample.is_manual:
        raise NotManual(record_no=sample.record_no)
    trace(sample_set, "remove", sample, actor, sample.rationale)
    sample.delete()
    return sample.record_no
