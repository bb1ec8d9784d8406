"""Golden files of the real specifications are read whole: each field stands in one case."""

import pytest

from llm.evaluation import golden
from tests.golden import OPERATION, SPECIFICATIONS, write

FIELDS = {
    "fr_y14m_a1": 117,
    "fr_y14m_b1": 107,
    "fr_y14m_c1": 13,
    "fr_y14m_d1": 118,
    "fr_y14m_d2": 46,
    "hmda_lar": 110,
}


def test_every_specification_is_counted():
    assert set(FIELDS) == set(SPECIFICATIONS)
    assert sum(FIELDS.values()) == 511


@pytest.mark.parametrize("name", FIELDS)
def test_each_field_stands_in_one_case(name, tmp_path, sample_data):
    read = golden.read(write(tmp_path, sample_data, name), OPERATION)
    placed = [field.key for case in read.cases for field in case.fields]
    assert len(placed) == len(set(placed)) == FIELDS[name]
    assert golden.read(write(tmp_path, sample_data, name), OPERATION).hash == read.hash
    smaller = golden.read(write(tmp_path, sample_data, name, 600), OPERATION)
    assert len(smaller.cases) > len(read.cases)
    assert smaller.hash != read.hash
    some = golden.some_of(smaller.cases, 3)
    assert len({case.key for case in some}) == 3
