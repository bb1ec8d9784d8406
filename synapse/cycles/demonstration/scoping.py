"""The demonstration's scoping: judged by a job, decided as advised, approved."""

from synapse.cycles.demonstration.walking import Walk


def scope(walk: Walk) -> None:
    walk.phase("scoping", "start")
    begun = walk.tester.get(f"scopes/?cycle_report={walk.cycle_report}")["results"][0]
    walk.follow(walk.tester.post(f"scopes/{begun['id']}/recommend/"))
    _accept_advice(walk, begun["id"])
    outcome = walk.outcome
    outcome.scope = walk.through_approval("scopes", begun["id"], "Scope")
    outcome.items = walk.tester.every(f"scope-items/?scope={begun['id']}")
    outcome.metrics = walk.tester.get(f"scopes/{begun['id']}/metrics/")
    walk.phase("scoping", "complete")


def _accept_advice(walk: Walk, begun: int) -> None:
    items = walk.tester.every(f"scope-items/?scope={begun}")
    chosen = [item["id"] for item in items if not item["attribute"]["is_key"]]
    answer = walk.tester.post(
        f"scopes/{begun}/decide/",
        # Kept only where one is due, as for a judgement whose quote was not found.
        {"items": chosen, "decision": "advice", "reason": "Decided as in a demonstration."},
    )
    walk.say(f"Tester follows the advice for {answer['changed']} attributes")
