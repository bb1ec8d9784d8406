"""What a storm has left behind, counted in the database."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.chaos import asking, mix

JOBS = """
SELECT j.id, j.task, j.status, (j.arguments->>'items')::int, j.done, j.failed,
    left(j.error_message, 300), count(e.item), count(DISTINCT e.item),
    (SELECT count(*) FROM jobs_jobitem i WHERE i.job_id = j.id AND i.status = 'done'),
    count(DISTINCT e.item) FILTER (WHERE EXISTS (
        SELECT 1 FROM jobs_jobitem i
        WHERE i.job_id = j.id AND i.key = e.item AND i.status = 'done'))
FROM jobs_job j LEFT JOIN chaos_effect e ON e.job_id = j.id
WHERE j.task = ANY(%s) GROUP BY j.id
"""
ATTEMPTS = """
SELECT count(*) FROM jobs_jobevent e JOIN jobs_job j ON j.id = e.job_id
WHERE e.name = 'claim' AND j.task = ANY(%s)
"""
FIRST_CLAIMS = """
SELECT job_id, extract(epoch FROM min(at))::float8 FROM jobs_jobevent
WHERE name = 'claim' AND job_id = ANY(%s) GROUP BY job_id
"""
# From the loss of its worker to the first event that isn't the engine's way of bringing it back:
# that it ran again, or that somebody asked otherwise of it meanwhile.
STORY = """
WITH told AS (
    SELECT id, name, extract(epoch FROM at)::float8 - %s AS after, reason,
        name NOT IN ('requeue', 'release', 'sit_out') AS last
    FROM jobs_jobevent WHERE job_id = %s AND at > to_timestamp(%s)
)
SELECT name, after, reason FROM told
WHERE id <= (SELECT min(id) FROM told WHERE last) ORDER BY id
"""
ORPHANS = {
    "queue rows without a job that waits": """
        SELECT q.payload FROM django_q_ormq q LEFT JOIN jobs_job j ON j.id::text = q.payload
        WHERE j.status IS NULL OR j.status NOT IN ('queued', 'waiting')""",
    "waiting jobs without a queue row": """
        SELECT id::text FROM jobs_job j WHERE status IN ('queued', 'waiting')
        AND NOT EXISTS (SELECT 1 FROM django_q_ormq q WHERE q.payload = j.id::text)""",
    "running jobs without a living worker": """
        SELECT j.id::text FROM jobs_job j LEFT JOIN jobs_worker w ON w.id = j.worker_id
        WHERE j.status = 'running' AND (w.id IS NULL OR w.stopped_at IS NOT NULL)""",
    "jobs left paused": "SELECT id::text FROM jobs_job WHERE status = 'paused'",
    "requests without an answer": """
        SELECT id::text FROM jobs_job WHERE pause_requested_at IS NOT NULL
        OR (cancel_requested_at IS NOT NULL AND status IN ('queued', 'running', 'waiting'))""",
    "jobs that hold on after their end": """
        SELECT id::text FROM jobs_job WHERE status <> 'running'
        AND (fence IS NOT NULL OR worker_id IS NOT NULL)""",
    "transactions left open": """
        SELECT pid::text FROM pg_stat_activity WHERE state LIKE 'idle in transaction%'
        AND now() - xact_start > interval '5 seconds'""",
}
WORKERS_LEFT = "SELECT count(*) FROM jobs_worker WHERE stopped_at IS NULL"


@dataclass(frozen=True)
class Recovery:
    """How a job that lost its worker came back; both times are seconds from the loss."""

    rescued: float | None  # until it was queued again; nothing if it wasn't
    seconds: float  # until it ran again, which takes a free worker
    job: int
    end: str  # "claim", or what came between
    story: str  # what happened to the job in this time, and to others


@dataclass
class Count:
    """Effects, job ends and recoveries of one storm."""

    jobs: int = 0
    gone: int = 0  # started, and no longer there at all
    ends: Counter = field(default_factory=Counter)
    attempts: int = 0
    wanted: int = 0
    rows: int = 0
    distinct: int = 0
    lost: int = 0
    stray: int = 0  # effects of items that are not done
    early: int = 0  # jobs that ran before the moment they were to start at
    wrong: list[str] = field(default_factory=list)  # jobs that ended otherwise than they must
    recoveries: dict[str, list[Recovery]] = field(default_factory=dict)

    @property
    def doubled(self) -> int:
        return self.rows - self.distinct


def count(storm) -> Count:
    tasks = [*mix.BY_TASK]
    left = asking.rows(JOBS, [tasks])
    found = Count(jobs=len(left), attempts=asking.value(ATTEMPTS, [tasks]))
    found.gone = len({*storm.jobs} - {row[0] for row in left})
    for job, task, status, items, done, failed, error, rows, distinct, settled, covered in left:
        sort = mix.BY_TASK[task]
        ended = status == "succeeded"
        wanted = sort.wanted(items) if ended else settled
        found.ends[status] += 1
        found.wanted += wanted
        found.rows += rows
        found.distinct += distinct
        found.lost += max(wanted - covered, 0)
        found.stray += distinct - covered
        expected = (wanted, sort.failing(items)) if ended else (settled, failed)
        if status not in ("succeeded", "cancelled") or (done, failed) != expected:
            found.wrong.append(
                f"job {job} ({task}) {status}: {done} done, {failed} failed. {error}"
            )
    claimed = dict(asking.rows(FIRST_CLAIMS, [[*storm.delayed]]))
    found.early = sum(claimed.get(job, at) < at for job, at in storm.delayed.items())
    found.recoveries = recoveries(storm)
    return found


def recoveries(storm) -> dict[str, list[Recovery]]:
    """The quickest first, by the kind of event that took the job's worker."""
    found: dict[str, list[Recovery]] = {}
    for strike in storm.strikes:
        found.setdefault(strike.kind, []).append(recovery(storm, strike))
    return {kind: sorted(each, key=lambda one: one.seconds) for kind, each in sorted(found.items())}


def recovery(storm, strike) -> Recovery:
    story = asking.rows(STORY, [strike.moment, strike.job, strike.moment])
    end, seconds = story[-1][:2] if story else ("nothing", 0)
    if overlaps(storm.queue_paused, strike.moment, strike.moment + seconds):
        end = "pause_queue"
    told = [f"{at:.2f} s {name}{reason and f' ({reason})'}" for name, at, reason in story]
    rescued = next((at for name, at, _ in story if name == "requeue"), None)
    others = storm.meanwhile(strike.moment, seconds)
    return Recovery(rescued, seconds, strike.job, end, f"{', '.join(told)}; meanwhile {others}")


def overlaps(spans: list[tuple[float, float]], begin: float, end: float) -> bool:
    return any(begin < span_end and span_begin < end for span_begin, span_end in spans)


def orphans() -> Iterator[str]:
    for what, statement in ORPHANS.items():
        if left := [row[0] for row in asking.rows(statement)]:
            yield f"{len(left)} {what}: {', '.join(left[:10])}"
