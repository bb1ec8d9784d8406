"""The demonstration's sample selection: drawn by a job, decided, approved."""

from synapse.cycles.demonstration.walking import Walk

SIZE = 100
SEED = 20


def sample(walk: Walk) -> None:
    walk.phase("sampling", "start")
    found = walk.tester.get(f"sample-sets/?cycle_report={walk.cycle_report}")["results"]
    begun = found[0] if found else _begin(walk)
    walk.follow(walk.tester.post(f"sample-sets/{begun['id']}/draw/", {"size": SIZE, "seed": SEED}))
    samples = walk.tester.every(f"samples/?sample_set={begun['id']}")
    answer = walk.tester.post(
        f"sample-sets/{begun['id']}/decide/",
        {"items": [row["id"] for row in samples], "decision": "approved", "reason": ""},
    )
    walk.say(f"Tester takes {answer['changed']} records")
    walk.outcome.sample_set = walk.through_approval("sample-sets", begun["id"], "Samples")
    walk.outcome.samples = walk.tester.every(f"samples/?sample_set={begun['id']}")
    walk.phase("sampling", "complete")


def _begin(walk: Walk) -> dict:
    return walk.tester.post("sample-sets/", {"phase": walk.phases["sampling"]})
