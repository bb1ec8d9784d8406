"""What a sample set must be before it is submitted, and what a new version of it starts with."""

from synapse.profiling.selectors.populations import current_population
from synapse.sampling.errors import (
    NothingApproved,
    NothingDrawn,
    PopulationReplaced,
    ScopeSuperseded,
    Undecided,
)
from synapse.sampling.states import Decision, Selection, Source
from synapse.scoping.models import Scope

COPIED = (
    "record_no", "key", "key_values", "row", "row_hash", "category", "reasons", "rationale",
    "risk_score", "selection", "decision", "reason", "decided_by_id", "decided_at",
)  # fmt: skip


def approved_scope(phase) -> Scope | None:
    """The scope of the phase's cycle-report that is approved now."""
    return (
        Scope.objects.filter(
            phase__cycle_report_id=phase.cycle_report_id, status=Scope.Status.APPROVED
        )
        .select_related("plan")
        .first()
    )


def check_ground(sample_set) -> None:
    """Raises if another scope is approved or another population imported since the draw."""
    scope = approved_scope(sample_set.phase)
    if scope and scope.pk != sample_set.scope_id:
        raise ScopeSuperseded(read=sample_set.scope.number, current=scope.number)
    population = current_population(sample_set.cycle_report)
    if population and population.pk != sample_set.population_id:
        raise PopulationReplaced(read=sample_set.population, current=population)


def check(sample_set) -> None:
    """Raises the first thing that stands in the way of submitting."""
    check_ground(sample_set)
    decisions = list(sample_set.samples.values_list("decision", flat=True))
    if not decisions:
        raise NothingDrawn()
    undecided = decisions.count(None)
    if undecided:
        raise Undecided(count=undecided)
    if Decision.APPROVED not in decisions:
        raise NothingApproved()


def origin(sample_set) -> dict:
    """From what and how the samples were drawn."""
    return {
        "population": sample_set.population_hash,
        "records": sample_set.population_count,
        "scope": sample_set.scope.content_hash,
        "query": sample_set.query_hash,
        **sample_set.options.as_json(),
    }


def carry_over(old, new) -> None:
    """The samples with their decisions; those added by hand stay known as such."""
    model = old.samples.model
    model.objects.bulk_create(
        [
            model(
                version=new,
                source=Source.MANUAL if sample.selection == Selection.MANUAL else Source.CARRIED,
                **{name: getattr(sample, name) for name in COPIED},
            )
            for sample in old.items()
        ],
        batch_size=500,
    )
