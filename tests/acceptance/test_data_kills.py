"""Workers are killed while they import, propose, profile and draw: all is done, nothing twice."""

import duckdb
import pytest

from jobs.models import Job
from jobs.testing import run_pending
from synapse.profiling import storage
from synapse.profiling.models import Profile
from synapse.profiling.selectors import failures
from synapse.profiling.services.populations import confirm
from synapse.profiling.services.rule_sets import start_rule_set
from synapse.profiling.tasks.importing import start_import
from synapse.profiling.tasks.profiling import start_profile
from synapse.profiling.tasks.proposing import start_proposal
from synapse.sampling.models import SampleSet
from synapse.sampling.options import DrawOptions
from synapse.sampling.tasks import start_draw
from tests.acceptance.kills import POINTS, Kills
from tests.factories.profiles import RULES, make_profile_phase
from tests.factories.profiling import (
    make_approved_rules,
    make_population,
    make_uploaded_population,
)
from tests.factories.sampling import make_records, make_sample_set, make_sampling_phase
from tests.support.workers import Workers

pytestmark = [
    pytest.mark.chaos,
    pytest.mark.acceptance,
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(300),
]

RECORDS, A_PART = 2_000, 125
PARTS = RECORDS // A_PART
ROUNDS = 2


@pytest.fixture
def media(settings, tmp_path):
    """Storage of this test alone."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


@pytest.fixture
def storm(child_environment, media):
    """`storm(job)` runs the job with real workers, killing them at each point again and again."""

    def run(job: Job, *, at_the_end: bool = False) -> Kills:
        # Each death costs an attempt; here they are many.
        Job.objects.filter(pk=job.pk).update(max_attempts=100)
        environment = child_environment | {
            "MEDIA_ROOT": str(media), "SMALL_STEPS": str(A_PART), "LINGER": "0.06",
        }  # fmt: skip
        program = ["-m", "tests.support.small_steps"]
        with Workers(environment, queue="batch", program=program) as workers:
            kills = Kills(workers, job, media)
            for number, point in enumerate(POINTS * ROUNDS):
                kills.strike(point, after=2 * number)
            if at_the_end:
                kills.strike_at_the_end()
            kills.finish()
        return kills

    return run


def records() -> str:
    """Every tenth type is wrong, every seventh balance missing, some rows have a field too many."""
    rows = [
        f"{number:06},{2 if number % 10 == 0 else 1},{'' if number % 7 == 0 else number % 90}"
        + (",surplus" if number % 400 == 0 else "")
        for number in range(1, RECORDS + 1)
    ]
    return "\n".join(["ReferenceNumber,Credit Card Type,CycleEndingBalance", *rows, ""])


def numbers(population) -> list[int]:
    """The record numbers of the Parquet files, each as often as it stands there."""
    with storage.local_parts(population) as parts, duckdb.connect() as database:
        table = database.read_parquet([str(part) for part in parts])
        return [row[0] for row in table.project("record_no").order("record_no").fetchall()]


def files(media, folder: str) -> list[str]:
    return sorted(path.name for path in (media / folder).rglob("*") if path.is_file())


def report(kills: Kills, **counts) -> None:
    told = " · ".join(f"{name} {value}" for name, value in counts.items())
    print(f"\n{kills.job.task}: {kills.struck.total()} kills {dict(kills.struck)} · {told}")


def test_an_import_takes_each_record_once(storm, media):
    undisturbed = make_population(
        phase=(phase := make_profile_phase()), content=records(), part_records=A_PART
    )
    population = make_uploaded_population(phase=phase, content=records(), name="again.csv")
    tester = phase.cycle_report.tester
    population = confirm(population=population, actor=tester)
    kills = storm(start_import(population=population, actor=tester))
    assert kills.told() == kills.expected(PARTS + 1)
    population.refresh_from_db()
    found = numbers(population)
    rejected = list(population.rejected_rows.values_list("record_no", flat=True))
    assert sorted([*found, *rejected]) == list(range(1, RECORDS + 1))
    assert len(rejected) == RECORDS // 400
    for name in ("row_count", "rejected_count", "sha256", "content_sha256"):
        assert getattr(population, name) == getattr(undisturbed, name)
    assert population.imported_parts.count() == len(population.parts) == PARTS
    assert files(media, population.folder) == files(media, undisturbed.folder)
    report(kills, parts=PARTS, records=len(found), distinct=len({*found}), rejected=len(rejected))


def values(row) -> dict:
    """The columns of a row that don't say which row it is."""
    own = {"id", "profile_id", "rule_id"}
    return {name: each for name, each in vars(row).items() if name[0] != "_" and name not in own}


def told_by(profile) -> dict:
    """All that a profile says, without its own numbers."""
    profile.refresh_from_db()
    return {
        "sums": (profile.failing_records, profile.quality, profile.record_count),
        "results": [(row.rule.rule_id, values(row)) for row in profile.results.all()],
        "columns": [values(row) for row in profile.attribute_profiles.all()],
        "failures": list(failures.each_failure(profile)),
        "files": [name.rpartition("/")[2] for name in profile.failure_files],
    }


def test_a_profile_counts_each_failure_once(storm, media):
    phase = make_profile_phase()
    asked = {
        "population": make_population(phase=phase, content=records(), part_records=A_PART),
        "rule_set": make_approved_rules(phase=phase, rules=RULES),
        "actor": phase.cycle_report.tester,
    }
    undisturbed = Profile.objects.get(pk=start_profile(**asked).subject_id)
    run_pending()
    kills = storm(start_profile(**asked))
    profile = Profile.objects.get(pk=kills.job.subject_id)
    assert kills.told() == kills.expected(PARTS + 3)
    told = told_by(profile)
    assert told == told_by(undisturbed)
    assert files(media, profile.folder) == told["files"]
    assert len(told["failures"]) == sum(profile.results.values_list("failed", flat=True)) > 0
    report(kills, failures=len(told["failures"]), distinct=len({*told["failures"]}),
           failing_records=profile.failing_records)  # fmt: skip


def proposed(rule_set) -> list[dict]:
    return [rule.canonical() | {"evidence": rule.evidence} for rule in rule_set.items()]


def test_a_proposal_adds_each_rule_once(storm, media):
    phase = make_profile_phase()
    make_population(phase=phase, content=records(), part_records=A_PART)
    tester = phase.cycle_report.tester
    rule_set = start_rule_set(phase=phase, actor=tester)
    start_proposal(rule_set=rule_set, actor=tester)
    run_pending()
    undisturbed = proposed(rule_set)
    rule_set.rules.all().delete()
    kills = storm(start_proposal(rule_set=rule_set, actor=tester), at_the_end=True)
    assert kills.told() == kills.expected(PARTS + 2)
    assert proposed(rule_set) == undisturbed != []
    assert files(media, "rule-sets") == []
    report(kills, rules=len(undisturbed))


def drawn(sample_set) -> list[tuple]:
    rows = SampleSet.objects.get(pk=sample_set.pk).samples.order_by("record_no")
    return [(row.record_no, row.key, row.category, row.reasons, row.row_hash) for row in rows]


def test_a_draw_takes_the_same_records(storm, media):
    phase = make_sampling_phase(records=make_records(RECORDS), parts=PARTS)
    wished = {"size": 40, "seed": 7}
    sample_set = make_sample_set(phase=phase, **wished)
    undisturbed = drawn(sample_set)
    tester = phase.cycle_report.tester
    job = start_draw(
        sample_set=sample_set, actor=tester, wished=DrawOptions(**wished), replace=True
    )
    kills = storm(job, at_the_end=True)
    assert kills.told() == kills.expected(PARTS + 2)
    assert drawn(sample_set) == undisturbed
    assert len({row[1] for row in undisturbed}) == len(undisturbed) > 0
    assert files(media, f"samples/{sample_set.pk}") == []
    report(kills, samples=len(undisturbed), distinct=len({row[0] for row in undisturbed}))
