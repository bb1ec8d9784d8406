"""Real regulatory dictionaries, held against a reading of them that shares no code with ours."""

import pytest

from synapse.planning.dictionary.reading import read_dictionary
from synapse.planning.errors import UnknownSchedule
from tests.planning.dictionary_report import FILES, heading, line, measure

TOLERATED = 0.005


@pytest.mark.parametrize("title", FILES)
def test_fields_names_types_requirements_and_codes(sample_data, title):
    score = measure(sample_data, title)
    print("\n" + heading() + "\n" + line(score))
    assert score.read == score.expected
    assert not score.wrong["name"]
    assert not score.wrong["technical_name"]
    assert not score.wrong["requirement"]
    assert score.error_rate <= TOLERATED, score.wrong


def test_retired_lines_of_d1_are_left_out_with_their_reason(sample_data):
    content = (sample_data / FILES["D.1"][0]).read_bytes()
    dictionary = read_dictionary(content, "fr_y14m_D1.csv")
    left_out = {entry.name.partition(" (")[0]: entry.reason for entry in dictionary.left_out}
    assert len(left_out) == 5
    assert left_out["Cycle Ending Balance Flag"] == "status “retired”"
    assert dictionary.proposed_keys == ["Reference Number", "Customer ID", "Bank ID", "Period ID"]


def test_all_schedules_in_one_file_ask_for_one_and_then_read_the_same(sample_data):
    content = (sample_data / "fr_y14m/dictionary/fr_y14m_all_schedules.csv").read_bytes()
    with pytest.raises(UnknownSchedule):
        read_dictionary(content, "all.csv")
    assert len(read_dictionary(content, "all.csv", schedule="D.1").fields) == 118
    assert len(read_dictionary(content, "all.csv", schedule="B.1").fields) == 107


@pytest.mark.parametrize(
    ("name", "count", "coded"),
    [
        ("Agency_TS_Spec.csv", 17, 0),
        ("AgencyPanelSpec.csv", 18, 0),
        ("Public_Institution_Data_Model_Spec.csv", 18, 0),
        ("Modified_LAR_Spec.csv", 85, 60),
        ("Public_File_LAR_Spec.csv", 110, 60),
        ("SchemaLar_larft.json", 110, 85),
        ("lar_schema_2024_testfiles.json", 110, 80),
    ],
)
def test_files_of_other_shapes(sample_data, name, count, coded):
    dictionary = read_dictionary((sample_data / "hmda" / "spec" / name).read_bytes(), name)
    assert len(dictionary.fields) == count
    assert sum(bool(field.allowed_values) for field in dictionary.fields) >= coded
