"""The path itself: what tester and owner do, over REST, from dictionary to approved scope."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from synapse.common.embedded import BASE_DIR
from synapse.cycles.demonstration.client import Client, Refused

BUILTIN = BASE_DIR / "synapse" / "planning" / "builtin"
DICTIONARY = BUILTIN / "fr_y14m_d1.csv"
CDE_LIST = BUILTIN / "fr_y14m_d1_cde.csv"
ISSUE_LIST = BUILTIN / "fr_y14m_d1_issues.csv"
ENDED = ("succeeded", "failed", "cancelled")
POLL_SECONDS = 0.3


class PathFailed(Exception):
    """The path did not end as it must; the text says where."""


@dataclass
class Outcome:
    """What the path came to, for the table at the end."""

    plan: dict = field(default_factory=dict)
    scope: dict = field(default_factory=dict)
    attributes: list[dict] = field(default_factory=list)
    items: list[dict] = field(default_factory=list)
    metrics: dict = field(default_factory=dict)
    jobs: list[dict] = field(default_factory=list)
    own_approvals_refused: int = 0
    job_seconds: float = 0


class Walk:
    """Tester and owner taking one cycle-report along; `say` prints a line, `show` live progress."""

    def __init__(
        self,
        *,
        tester: Client,
        owner: Client,
        cycle_report: int,
        say: Callable[[str], None],
        show: Callable[[dict], None],
        tend: Callable[[], None],
    ):
        self.tester = tester
        self.owner = owner
        self.cycle_report = cycle_report
        self.say = say
        self.show = show
        self.tend = tend
        self.outcome = Outcome()
        phases = tester.get(f"cycle-reports/{cycle_report}/")["phases"]
        self.phases = {phase["kind"]: phase["id"] for phase in phases}

    def run(self) -> Outcome:
        self._plan()
        self._scope()
        return self.outcome

    def _plan(self) -> None:
        self._phase("planning", "start")
        plan = self.tester.post("plans/", {"cycle_report": self.cycle_report})
        counts = self._take("dictionary", DICTIONARY, plan)
        self.say(f"Dictionary read: {_told(counts)}")
        for kind, file in (("cde_list", CDE_LIST), ("issue_list", ISSUE_LIST)):
            self.say(f"{kind.replace('_', ' ')} read: {_told(self._take(kind, file, plan))}")
        self.outcome.plan = self._through_approval("plans", plan["id"], "Plan")
        self.outcome.attributes = self.tester.every(f"attributes/?plan={plan['id']}")
        self._phase("planning", "complete")

    def _take(self, kind: str, file: Path, plan: dict) -> dict:
        document = self.tester.upload(
            "documents/", file, kind=kind, cycle_report=str(self.cycle_report)
        )
        answer = self.tester.post(f"documents/{document['id']}/import/", {"plan": plan["id"]})
        return answer["counts"]

    def _scope(self) -> None:
        self._phase("profiling", "skip", {"reason": "The demonstration brings no population."})
        self._phase("scoping", "start")
        scope = self.tester.get(f"scopes/?cycle_report={self.cycle_report}")["results"][0]
        started = time.monotonic()
        self._follow(self.tester.post(f"scopes/{scope['id']}/recommend/"))
        self.outcome.job_seconds = time.monotonic() - started
        self._accept_advice(scope["id"])
        self.outcome.scope = self._through_approval("scopes", scope["id"], "Scope")
        self.outcome.items = self.tester.every(f"scope-items/?scope={scope['id']}")
        self.outcome.metrics = self.tester.get(f"scopes/{scope['id']}/metrics/")
        self._phase("scoping", "complete")

    def _accept_advice(self, scope: int) -> None:
        items = self.tester.every(f"scope-items/?scope={scope}")
        chosen = [item["id"] for item in items if not item["attribute"]["is_key"]]
        answer = self.tester.post(
            f"scopes/{scope}/decide/", {"items": chosen, "decision": "advice", "reason": ""}
        )
        self.say(f"Tester follows the advice for {answer['changed']} attributes")

    def _follow(self, job: dict) -> None:
        """Shows the job's progress until it has ended; a job that failed ends the path."""
        while job["status"] not in ENDED:
            self.show(job)
            self.tend()
            time.sleep(POLL_SECONDS)
            job = self.tester.get(f"jobs/{job['id']}/")
        self.show(job)
        self.outcome.jobs.append(job)
        if job["status"] != "succeeded" or job["failed"]:
            reason = (job["error"] or {}).get("message") or job["message"]
            raise PathFailed(f"{job['title']} {job['status_label'].lower()}: {reason}")

    def _through_approval(self, collection: str, pk: int, name: str) -> dict:
        """Submitted by the tester, who then may not approve it; approved by the owner."""
        self.tester.post(f"{collection}/{pk}/submit/", {"note": "For your approval."})
        try:
            self.tester.post(f"{collection}/{pk}/approve/", {"note": ""})
        except Refused as refusal:
            if refusal.status != 403:
                raise
            self.outcome.own_approvals_refused += 1
            self.say(f"{name}: the tester's own approval is refused ({refusal})")
        else:
            raise PathFailed(f"{name}: the tester could approve their own work.")
        version = self.owner.post(f"{collection}/{pk}/approve/", {"note": "Agreed."})
        self.say(f"{name}: approved by the owner, SHA-256 {version['content_hash'][:16]}...")
        return version

    def _phase(self, kind: str, move: str, data: dict | None = None) -> None:
        self.tester.post(f"phases/{self.phases[kind]}/{move}/", data)
        self.say(f"Phase {kind}: {move}")


def _told(counts: dict) -> str:
    return ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in counts.items())
