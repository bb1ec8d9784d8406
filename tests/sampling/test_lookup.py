"""What a look-up reads: by number one row group of one file, whatever the population's size."""

import duckdb
import pyarrow.parquet
import pytest
from django.core.files.storage import default_storage

from synapse.profiling.errors.populations import StoredFileMissing
from synapse.sampling.services.drafting import start_sample_set
from tests.factories.sampling import add_by_hand, make_population
from tests.support.parquet import spoil

pytestmark = pytest.mark.django_db

GROUP = 10


@pytest.fixture
def draft(phase, tester):
    """A draft over 200 records in four files of five row groups each."""
    population = make_population(phase.cycle_report, name="four.csv", parts=4)
    for name in population.parts:
        path = default_storage.path(name)
        table = pyarrow.parquet.read_table(path)
        pyarrow.parquet.write_table(table, path, row_group_size=GROUP)
    return start_sample_set(phase=phase, actor=tester)


def test_by_number_one_row_group_of_one_file_is_read(draft):
    first, second, third, fourth = draft.population.parts
    for name in (first, second, fourth):
        default_storage.delete(name)
    spoil(default_storage.path(third), but=2)
    assert add_by_hand(draft, record_no=127).key == "A00127"
    # Any other record needs what is gone: so nothing of it was read before.
    with pytest.raises(duckdb.Error):
        add_by_hand(draft, record_no=117)
    with pytest.raises(StoredFileMissing):
        add_by_hand(draft, record_no=7)
    with pytest.raises(StoredFileMissing):
        add_by_hand(draft, key="A00128")
