"""The demonstration's profiling: made-up records with planted errors, rules, what these find."""

import tempfile
from pathlib import Path

from synapse.cycles.demonstration.records import make_records, plant, write_labels, write_records
from synapse.cycles.demonstration.walking import Walk, told

RECORDS = 3_000
SEED = 1
AT_ONCE = 1_000


def profile(walk: Walk) -> None:
    walk.phase("profiling", "start")
    population = _population(walk)
    rule_set = _rules(walk)
    started = {"rule_set": rule_set["id"], "population": population["id"]}
    walk.follow(walk.tester.post("profiles/", started))
    found = walk.tester.get(f"profiles/?cycle_report={walk.cycle_report}")["results"][0]
    walk.outcome.profile = found
    walk.outcome.failures = _failures(walk, found["id"])
    walk.phase("profiling", "complete")


def _population(walk: Walk) -> dict:
    """Records made, spoiled where the labels say, uploaded, confirmed and imported."""
    records = make_records(RECORDS, seed=SEED)
    walk.outcome.labels = plant(records, seed=SEED)
    with tempfile.TemporaryDirectory(prefix="demo-") as folder:
        file = Path(folder) / "fr_y14m_d1_records.csv"
        write_records(records, file)
        write_labels(walk.outcome.labels, Path(folder) / "labels.csv")
        begun = walk.tester.upload("populations/", file, cycle_report=str(walk.cycle_report))
    address = f"populations/{begun['id']}/"
    walk.tester.post(f"{address}confirm/", {}, match=walk.tester.etag(address))
    walk.follow(walk.tester.post(f"{address}import/"))
    walk.outcome.population = walk.tester.get(address)
    walk.say(
        f"Population: {walk.outcome.population['row_count']} records, "
        f"{len(walk.outcome.labels)} with a planted error"
    )
    return walk.outcome.population


def _rules(walk: Walk) -> dict:
    """Proposed from the dictionary with the shipped rules of D.1, then approved."""
    begun = walk.tester.post("rule-sets/", {"cycle_report": walk.cycle_report})
    job = walk.follow(walk.tester.post(f"rule-sets/{begun['id']}/propose/", {}))
    walk.outcome.rules = job["result"]
    walk.say(f"Rules: {told(job['result'])}")
    walk.outcome.rule_set = walk.through_approval("rule-sets", begun["id"], "Rules")
    return walk.outcome.rule_set


def _failures(walk: Walk, profile_id: int) -> list[dict]:
    rows, after = [], 0
    while after is not None:
        page = walk.tester.get(f"profiles/{profile_id}/failures/?after={after}&limit={AT_ONCE}")
        rows += page["results"]
        after = page["next_after"]
    return rows
