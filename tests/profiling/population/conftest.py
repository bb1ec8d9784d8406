"""Files written for a test, and their way into Parquet."""

import pytest

from synapse.profiling.population import UnreadablePopulation
from tests.profiling.population.reading import LOANS, take


@pytest.fixture
def written(tmp_path):
    def write(content, name="loans.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


@pytest.fixture
def taken(written, tmp_path):
    def run(content, attributes=LOANS, name="loans.csv", **options):
        return take(written(content, name), tmp_path, attributes, **options)

    return run


@pytest.fixture
def refusal(taken):
    """The one typed error that a file is refused with."""

    def run(content, *args, **options):
        with pytest.raises(UnreadablePopulation) as refused:
            taken(content, *args, **options)
        assert 400 <= refused.value.http_status < 500
        return refused.value

    return run
