"""What each phase of the demonstration needs: two people over REST, jobs followed, approvals."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from synapse.cycles.demonstration.client import Client, Refused

ENDED = ("succeeded", "failed", "cancelled")
POLL_SECONDS = 0.3
# How often the tester presses “retry failed”, as on the job's page.
RETRIES = 3


class PathFailed(Exception):
    """The path did not end as it must; the text says where."""


@dataclass
class Outcome:
    """What the path came to, for the tables at the end."""

    plan: dict = field(default_factory=dict)
    population: dict = field(default_factory=dict)
    rule_set: dict = field(default_factory=dict)
    rules: dict = field(default_factory=dict)
    profile: dict = field(default_factory=dict)
    scope: dict = field(default_factory=dict)
    sample_set: dict = field(default_factory=dict)
    attributes: list[dict] = field(default_factory=list)
    items: list[dict] = field(default_factory=list)
    failures: list[dict] = field(default_factory=list)
    samples: list[dict] = field(default_factory=list)
    metrics: dict = field(default_factory=dict)
    labels: list = field(default_factory=list)
    jobs: list[dict] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)
    approvals_tried: int = 0
    own_approvals_refused: int = 0


@dataclass
class Walk:
    """Tester and owner taking one cycle-report along; `say` prints a line, `show` live progress."""

    tester: Client
    owner: Client
    cycle_report: int
    say: Callable[[str], None]
    show: Callable[[dict], None]
    tend: Callable[[], None]
    outcome: Outcome = field(default_factory=Outcome)
    phases: dict[str, int] = field(default_factory=dict)

    def __post_init__(self):
        phases = self.tester.get(f"cycle-reports/{self.cycle_report}/")["phases"]
        self.phases = {phase["kind"]: phase["id"] for phase in phases}

    def phase(self, kind: str, move: str, data: dict | None = None) -> None:
        self.tester.post(f"phases/{self.phases[kind]}/{move}/", data)
        self.say(f"Phase {kind}: {move}")

    def follow(self, job: dict) -> dict:
        """Shows the job's progress until it has ended; what failed is tried again a few times.

        A job of which something still failed ends the path.
        """
        job = self._ended(job)
        for _ in range(RETRIES):
            if not job["failed"]:
                break
            self.say(f"{job['title']}: {job['message']} Tester retries what failed")
            job = self._ended(self.tester.post(f"jobs/{job['id']}/retry/"))
        self.outcome.jobs.append(job)
        if job["status"] != "succeeded" or job["failed"]:
            reason = (job["error"] or {}).get("message") or job["message"]
            raise PathFailed(f"{job['title']} {job['status_label'].lower()}: {reason}")
        return job

    def _ended(self, job: dict) -> dict:
        while job["status"] not in ENDED:
            self.show(job)
            self.tend()
            time.sleep(POLL_SECONDS)
            job = self.tester.get(f"jobs/{job['id']}/")
        self.show(job)
        return job

    def through_approval(self, collection: str, pk: int, name: str) -> dict:
        """Submitted by the tester, who then may not approve it; approved by the owner."""
        self.tester.post(f"{collection}/{pk}/submit/", {"note": "For your approval."})
        self.outcome.approvals_tried += 1
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


def told(counts: dict) -> str:
    return ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in counts.items())
