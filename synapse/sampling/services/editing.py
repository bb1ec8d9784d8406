"""The one way in to a draft that is about to be changed."""

from synapse.common.errors import NotAllowed
from synapse.sampling import rules
from synapse.sampling.errors import NotDraft
from synapse.sampling.models import SampleSet


def lock_draft(sample_set_id: int) -> SampleSet:
    """The draft, its row locked until the caller's transaction ends; refused if it isn't one."""
    sample_set = (
        SampleSet.objects.select_for_update(of=("self",))
        .select_related(
            "scope__plan",
            "population",
            "phase__cycle_report__report",
            "phase__cycle_report__cycle",
            "phase__cycle_report__tester",
        )
        .get(pk=sample_set_id)
    )
    if not sample_set.is_draft:
        raise NotDraft(number=sample_set.number, status=sample_set.get_status_display())
    return sample_set


def lock_draft_of(actor, sample_set_id: int) -> SampleSet:
    """The same, for a person: only the tester of the report edits its samples."""
    sample_set = lock_draft(sample_set_id)
    if not rules.can_work_on_sample_set(actor, sample_set):
        raise NotAllowed(action="change these samples")
    return sample_set
