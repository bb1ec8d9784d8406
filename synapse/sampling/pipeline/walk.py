"""What every step of a run needs: people, cycle-report, jobs followed, moves of phases."""

import hashlib
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.utils.text import slugify

from jobs.models import Job
from synapse.common.versions import Version
from synapse.cycles import cast
from synapse.cycles.models import CycleReport, Phase
from synapse.cycles.services import approval, phases
from synapse.sampling.pipeline.engine import Follower
from synapse.sampling.pipeline.request import Request


@dataclass
class Walk:
    """Tester and owner taking one report along; `say` prints a line."""

    request: Request
    say: Callable[[str], None]
    follower: Follower
    people: cast.Cast
    cycle_report: CycleReport
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def tester(self):
        return self.people.tester

    def phase(self, kind: str) -> Phase:
        return self.cycle_report.phases.get(kind=kind)

    def start(self, kind: str) -> Phase:
        return phases.start_phase(phase=self.phase(kind), actor=self.tester)

    def complete(self, kind: str) -> None:
        phases.complete_phase(phase=self.phase(kind), actor=self.tester)

    def through_approval(self, version: Version) -> Version:
        """Submitted by the tester, approved by the owner."""
        version = approval.submit(version=version, actor=self.tester, note="Pipeline run.")
        version = approval.approve(version=version, actor=self.people.owner)
        name = version._meta.verbose_name.capitalize()
        self.say(f"  {name} approved, SHA-256 {version.content_hash[:16]}...")
        return version

    def follow(self, job: Job) -> Job:
        return self.follower.follow(job)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Times a step of the run and names it as it begins."""
        self.say(f"{name} ...")
        started = time.monotonic()
        yield
        self.seconds[name] = round(time.monotonic() - started, 3)


def begin(request: Request, say: Callable[[str], None], follower: Follower) -> Walk:
    """The people of the pipeline, and the report in a cycle of its own."""
    people = cast.gather("pipeline")
    name = " ".join(request.report.split())[:200]
    # Long names may begin alike; a report's number is its own.
    number = f"PIPE-{slugify(name)[:26]}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"
    cycle_report = cast.stage(people, cycle="Pipeline", number=number, name=name)
    return Walk(request, say, follower, people, cycle_report)
