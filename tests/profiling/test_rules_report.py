"""Rules proposed from real dictionaries find what is planted and leave clean records alone."""

import pytest

from tests.profiling.rules_report import CASES, Measured, lines

pytestmark = pytest.mark.timeout(300)


@pytest.fixture
def measured(sample_data, tmp_path):
    def make(title: str) -> Measured:
        return Measured(sample_data, CASES[title], tmp_path)

    return make


def test_planted_errors_are_found_and_nothing_else_is_flagged(measured):
    seeded = measured("seeded")
    keys = [each.technical_name for each in seeded.attributes if each.is_key]
    assert keys == ["ReferenceNumber"]
    alone, both = (seeded.findings(builtin=builtin) for builtin in (False, True))
    assert len(alone.labelled) == 228
    assert alone.unlabelled() == both.unlabelled() == {}
    assert alone.recall > 0.61
    assert both.recall > 0.98
    # Acquired before it was opened: no rule of R01 to R50 compares the two days.
    assert set(both.missed()) == {"D1-L-AcqDate"}
    told = "\n".join(lines(both, "with R01 to R50"))
    assert "precision 1.000" in told
    assert "labelled and not flagged: D1-L-AcqDate 4" in told


@pytest.mark.parametrize(("title", "builtin"), [("clean", True), ("hmda", False)])
def test_clean_records_are_not_flagged(measured, title, builtin):
    found = measured(title).findings(builtin=builtin)
    assert found.flagged == {}
    assert found.switched_on > 100
