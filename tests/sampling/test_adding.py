"""Records chosen by hand: found by number or key, with a reason, and removable."""

import pytest

from synapse.common.errors import Invalid, NotAllowed, ReasonRequired
from synapse.sampling.errors import NotManual, RecordAmbiguous, RecordTwice, RecordUnknown
from synapse.sampling.services.adding import add_record, remove_record
from synapse.sampling.services.drafting import start_sample_set
from tests.factories.sampling import make_population, make_records

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(phase, tester):
    """A draft without samples."""
    return start_sample_set(phase=phase, actor=tester)


def add(draft, tester, **named):
    return add_record(
        sample_set=draft, actor=tester, **{"reason": "A complaint named it.", **named}
    )


@pytest.mark.parametrize("named", [{"record_no": 7}, {"key": "A00007"}])
def test_a_record_is_named_by_number_or_key(draft, tester, named):
    sample = add(draft, tester, **named)
    assert (sample.record_no, sample.key) == (7, "A00007")
    assert sample.key_values == {"AccountNumber": "A00007"}
    assert sample.row["Remark"] == "=1+1"
    assert (sample.selection, sample.source, sample.category) == ("manual", "manual", "")
    assert sample.rationale == "A complaint named it."


def test_a_record_added_has_the_hash_that_a_draw_gives_it(sample_set, tester):
    drawn = sample_set.items()[0]
    sample_set.samples.filter(pk=drawn.pk).delete()
    assert add(sample_set, tester, record_no=drawn.record_no).row_hash == drawn.row_hash


@pytest.mark.parametrize(
    "named", [{"record_no": 201}, {"record_no": 10**25}, {"key": "A99999"}, {"key": "'; --"}]
)
def test_a_record_that_is_not_there(draft, tester, named):
    with pytest.raises(RecordUnknown, match="no record"):
        add(draft, tester, **named)


def test_a_record_is_named_once_and_has_a_reason(draft, tester):
    for named in ({}, {"record_no": 7, "key": "A00007"}):
        with pytest.raises(Invalid):
            add(draft, tester, **named)
    with pytest.raises(ReasonRequired):
        add(draft, tester, record_no=7, reason=" ")


def test_no_record_is_in_it_twice(sample_set, tester):
    drawn = sample_set.items()[0]
    with pytest.raises(RecordTwice):
        add(sample_set, tester, record_no=drawn.record_no)
    with pytest.raises(RecordTwice):
        add(sample_set, tester, key=drawn.key)


def test_a_key_on_several_records_wants_the_number(phase, tester):
    records = make_records(20)
    records[4] = records[3]
    make_population(phase.cycle_report, records=records, name="twins.csv")
    draft = start_sample_set(phase=phase, actor=tester)
    with pytest.raises(RecordAmbiguous, match="4, 5"):
        add(draft, tester, key="A00004")
    assert add(draft, tester, record_no=5).key == "A00004"


def test_only_what_was_added_by_hand_is_removed(sample_set, tester):
    with pytest.raises(NotManual):
        remove_record(sample=sample_set.items()[0], actor=tester)
    drawn = set(sample_set.samples.values_list("record_no", flat=True))
    free = next(number for number in range(1, 200) if number not in drawn)
    sample = add(sample_set, tester, record_no=free)
    assert remove_record(sample=sample, actor=tester) == free
    assert sample_set.samples.count() == 10


def test_only_the_tester_adds_and_removes(draft, tester, owner):
    with pytest.raises(NotAllowed):
        add(draft, owner, record_no=7)
    sample = add(draft, tester, record_no=7)
    with pytest.raises(NotAllowed):
        remove_record(sample=sample, actor=owner)
