"""What happened to a job, in people's words: its events with the time between, and its runs."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from jobs.models import Job, JobEvent
from jobs.states import FINAL, Status, tone

# So many events on one page; a job that waits and goes on for days has thousands.
ROWS = 50

WORDS = {
    "enqueue": "Queued",
    "claim": "Started",
    "release": "Given back by a worker that was being stopped",
    "requeue": "Queued again, its worker was lost",
    "hold": "Waits",
    "sit_out": "Waits for the database",
    "back_off": "Waits for another attempt",
    "succeed": "Done",
    "fail": "Failed",
    "cancel": "Cancelled",
    "ask_cancel": "Cancel asked for",
    "abort": "Cancelled",
    "pause": "Paused",
    "ask_pause": "Pause asked for",
    "withdraw_pause": "Pause withdrawn",
    "suspend": "Paused after what was in hand",
    "resume": "Resumed",
    "resume_later": "Resumed, waits as before",
    "unknown_task": "Waits for a worker that knows its task",
    "retry": "Queued again, to be tried once more",
}
PAUSES = {"pause", "suspend"}


@dataclass(frozen=True)
class Happening:
    """One event as it is told."""

    event: JobEvent
    words: str
    tone: str
    since: timedelta | None  # the event before it
    waited: timedelta | None  # from when it could have been started until it was
    host: str
    pid: str

    @property
    def is_start(self) -> bool:
        return self.event.name == "claim"


@dataclass(frozen=True)
class Run:
    """One stay of the job with a worker: from a claim to what ended it."""

    start: Happening
    end: Happening | None

    @property
    def lasted(self) -> timedelta | None:
        return self.end.event.at - self.start.event.at if self.end else None


@dataclass(frozen=True)
class History:
    """The newest ROWS events up to a point, oldest first; `earlier` leads to those before them."""

    happenings: list[Happening]
    earlier: int | None
    runs: list[Run] = field(default_factory=list)


@dataclass(frozen=True)
class Pause:
    """Since when a job rests, and who wanted it to."""

    since: datetime
    actor: object


def history(job: Job, *, until: str = "") -> History:
    """The events before the one of number `until`; all up to now where that names none."""
    events = job.events.select_related("actor").order_by("-id")
    if until.isascii() and until.isdecimal() and len(until) < 19:
        events = events.filter(pk__lt=int(until))
    found = list(events[: ROWS + 1])
    earlier = found[ROWS - 1].pk if len(found) > ROWS else None
    told = _told(found[::-1])
    if earlier:
        # Only there to say how long after it the first one shown came.
        told = told[1:]
    return History(told, earlier, _runs(told))


def last_pause(history: History) -> Pause | None:
    """Of a paused job; a running one's pause was asked for by whoever asked last."""
    told = history.happenings
    if not told or told[-1].event.after != Status.PAUSED:
        return None
    asked = next((each for each in reversed(told) if each.event.actor), None)
    return Pause(told[-1].event.at, asked.event.actor if asked else None)


def words_of(event: JobEvent) -> str:
    """What happened, whoever it was; a name that this program doesn't know is shown as it is."""
    return WORDS.get(event.name, event.name.replace("_", " ").capitalize())


def _told(events: list[JobEvent]) -> list[Happening]:
    previous, told = None, []
    for event in events:
        host, _, pid = event.worker.rpartition(":")
        told.append(
            Happening(
                event=event,
                words=words_of(event),
                tone=_tone(event),
                since=event.at - previous.at if previous else None,
                waited=event.at - event.due_at if event.due_at else None,
                # Without what tells two boots of a machine apart.
                host=host.partition("/")[0],
                pid=pid,
            )
        )
        previous = event
    return told


def _tone(event: JobEvent) -> str:
    if event.name == "requeue":
        return "bad"
    if event.after in FINAL or event.after in {Status.WAITING, Status.PAUSED}:
        return tone(event.after, 0)
    return "accent" if event.name == "claim" else ""


def _runs(told: list[Happening]) -> list[Run]:
    """Each claim with the next event that isn't of the same run."""
    runs: list[Run] = []
    for happening in told:
        if happening.is_start:
            runs.append(Run(happening, None))
        elif runs and runs[-1].end is None and happening.event.after != Status.RUNNING:
            runs[-1] = Run(runs[-1].start, happening)
    return runs
