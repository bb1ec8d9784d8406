"""The demonstration's planning: the built-in dictionary and lists become an approved plan."""

from pathlib import Path

from synapse.common.embedded import BASE_DIR
from synapse.cycles.demonstration.walking import Walk, told

BUILTIN = BASE_DIR / "synapse" / "planning" / "builtin"
DICTIONARY = BUILTIN / "fr_y14m_d1.csv"
CDE_LIST = BUILTIN / "fr_y14m_d1_cde.csv"
ISSUE_LIST = BUILTIN / "fr_y14m_d1_issues.csv"


def plan(walk: Walk) -> None:
    walk.phase("planning", "start")
    begun = walk.tester.post("plans/", {"cycle_report": walk.cycle_report})
    counts = _take(walk, "dictionary", DICTIONARY, begun)
    walk.say(f"Dictionary read: {told(counts)}")
    for kind, file in (("cde_list", CDE_LIST), ("issue_list", ISSUE_LIST)):
        walk.say(f"{kind.replace('_', ' ')} read: {told(_take(walk, kind, file, begun))}")
    walk.outcome.plan = walk.through_approval("plans", begun["id"], "Plan")
    walk.outcome.attributes = walk.tester.every(f"attributes/?plan={begun['id']}")
    walk.phase("planning", "complete")


def _take(walk: Walk, kind: str, file: Path, begun: dict) -> dict:
    document = walk.tester.upload(
        "documents/", file, kind=kind, cycle_report=str(walk.cycle_report)
    )
    answer = walk.tester.post(f"documents/{document['id']}/import/", {"plan": begun["id"]})
    return answer["counts"]
