"""Populations from upload to import: what is kept, what is refused, what can change when."""

import pytest

from synapse.profiling import storage
from synapse.profiling.selectors.populations import current_population
from tests.factories.profiling import make_population


@pytest.mark.django_db
def test_an_imported_population_has_its_counts_hashes_and_parts():
    population = make_population()
    assert population.is_imported
    assert (population.row_count, population.rejected_count) == (5, 0)
    assert len(population.sha256) == len(population.content_sha256) == 64
    assert [column["heading"] for column in population.columns] == [
        "ReferenceNumber", "Credit Card Type", "CycleEndingBalance",
    ]  # fmt: skip
    assert all(column["attribute_id"] for column in population.columns)
    with storage.local_parts(population) as [part]:
        assert part.stat().st_size
    assert current_population(population.cycle_report) == population
