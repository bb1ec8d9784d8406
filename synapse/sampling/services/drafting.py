"""Starting a sample set from the approved scope and the population imported last."""

from django.db import transaction

from synapse.cycles.services import approval
from synapse.sampling import ground
from synapse.sampling.models import SampleSet
from synapse.sampling.options import DEFAULT_SIZE, propose_seed


@transaction.atomic
def start_sample_set(*, phase, actor) -> SampleSet:
    """An empty draft with a proposed seed; samples are drawn into it or added by hand."""
    found = ground.ground_of(phase)
    fields = ground.fields_of(found.scope, found.population)
    population = found.population
    return approval.start_version(
        model=SampleSet,
        phase=phase,
        actor=actor,
        scope=found.scope,
        population=population,
        profile=found.profile,
        key_columns=fields.key_names,
        size=min(DEFAULT_SIZE, max(population.row_count, 1)),
        seed=propose_seed(),
        population_count=population.row_count,
        population_hash=population.content_sha256,
    )
