"""The same question to the same records has the same answer, however they are cut and read."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from synapse.sampling.selection import Options
from tests.sampling.selection.populations import Filed, plain, record

BALANCES = st.sampled_from(["", "0", "1000.00", "1100.50", "1250.00", "999999.99", "x", " "])


def shown(selection):
    return [
        (each.record_no, each.key, each.category, each.rank, each.rationale)
        for each in selection.samples
    ]


@st.composite
def populations(draw):
    """Records with every kind of trouble; keys repeat now and then, with other values."""
    count = draw(st.integers(12, 60))
    records = []
    for number in range(1, count + 1):
        values = {}
        if draw(st.integers(0, 3)) == 0:
            values["balance"] = draw(BALANCES)
        if draw(st.integers(0, 5)) == 0:
            values["state"] = draw(st.sampled_from(["", "C", "Z"]))
        if draw(st.integers(0, 5)) == 0:
            values["opened"] = draw(st.sampled_from(["", "19000101", "20240131", "20991230"]))
        if draw(st.integers(0, 4)) == 0:
            values["id"] = draw(st.sampled_from(["", "K000001", "K000002", "K000003"]))
        records.append(record(number, **values))
    failures = draw(
        st.lists(st.tuples(st.integers(1, count), st.sampled_from(["R1", "R2"])), max_size=20)
    )
    return Filed(records, failures)


@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    filed=populations(),
    size=st.integers(1, 12),
    seed=st.integers(0, 5),
    part=st.integers(5, 60),
    method=st.sampled_from(["risk", "risk", "simple_random"]),
    per_attribute=st.integers(1, 3),
)
def test_cutting_order_and_threads_never_change_the_choice(
    tmp_path_factory, filed, size, seed, part, method, per_attribute
):
    folder = tmp_path_factory.mktemp("cut")
    options = Options(size, seed=seed, method=method, per_attribute=per_attribute)
    whole = filed.draw(folder, options, threads=1)
    cut = filed.draw(folder, options, size=part, threads=2)
    turned = filed.draw(
        folder, options, size=part, order=lambda parts: list(reversed(parts)), threads=2
    )
    assert shown(whole) == shown(cut) == shown(turned)
    assert whole.report == cut.report | {"pool": whole.report["pool"]}
    keys = [each.key for each in whole.samples]
    assert len(set(keys)) == len(keys) or "" in {each["id"] for each in filed.records}


@pytest.mark.parametrize("method", ["risk", "simple_random"])
def test_many_candidates_in_small_parts_give_what_one_part_gives(tmp_path, method):
    """More than the pools keep of a part, so that what they leave out matters."""
    records = plain(3_000)
    for each in records[::3]:
        each["note"] = f"n{each['record_no']}"
    failures = [(each["record_no"], "R2") for each in records[::3]]
    failures += [(number, "R1") for number in range(5, 3_000, 7)]
    filed = Filed(records, failures)
    options = Options(40, seed=9, method=method)
    whole = filed.draw(tmp_path, options, threads=1)
    for size in (999, 250, 40):
        assert shown(filed.draw(tmp_path, options, size=size, threads=2)) == shown(whole)


def test_another_seed_or_population_chooses_other_records(tmp_path):
    filed = Filed(plain(1_000))
    options = Options(50, seed=1)
    first = shown(filed.draw(tmp_path, options))
    assert shown(filed.draw(tmp_path, options)) == first
    assert shown(filed.draw(tmp_path, Options(50, seed=2))) != first
    filed.hash = "another"
    assert shown(filed.draw(tmp_path, options)) != first


def test_chance_is_the_hash_anyone_can_compute_again(tmp_path):
    import hashlib

    filed = Filed(plain(300))
    found = filed.draw(tmp_path, Options(20, seed=7, method="simple_random"))

    def place(key: str) -> str:
        return hashlib.sha256(f"7|population|{key}".encode()).hexdigest()

    keys = sorted((each["id"] for each in filed.records), key=place)
    assert {each.key for each in found.samples} == set(keys[:20])
