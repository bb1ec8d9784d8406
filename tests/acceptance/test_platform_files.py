"""The agency's own test files go the whole way over HTTP, or are refused in words."""

import csv
import re
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

import pytest

from tests.acceptance.machine import UpProcess
from tests.acceptance.person import Fields, Person
from tests.acceptance.reports import make_reports

pytestmark = [pytest.mark.acceptance, pytest.mark.timeout(3600)]

TOGETHER = 3
PEAK = re.compile(r"VmHWM:\s+(\d+) kB")


@dataclass
class Outcome:
    file: str
    said: str = ""
    figures: dict = field(default_factory=dict)
    seconds: float = 0

    def is_told(self, counts: tuple[int, int]) -> bool:
        """Profiled with every record kept or rejected, or refused with a sentence."""
        if self.said.startswith("refused: "):
            return self.said.endswith((".", "?"))
        return counts == (self.figures["records"], self.figures["rejected"])

    def __str__(self) -> str:
        shown = (self.figures.get(name, "") for name in ("records", "rejected", "rules", "failing"))
        columns = " ".join(f"{value:>8}" for value in shown)
        return f"{self.file[-72:]:<72} {columns} {self.seconds:>6.1f} s  {self.said}"


class Refusal(Exception):
    """What a page or the API said instead of doing it; the status is a client's fault."""


def test_every_platform_file_is_profiled_or_refused_in_words(sample_data):
    """Files of one folder (mostly a year) come one after the other to one report."""
    files = sorted((sample_data / "hmda/populations/platform_test_files").iterdir())
    groups = [list(group) for _, group in groupby(files, key=lambda file: file.name[:4])]
    # The longest first, so that the last reports are not walked alone.
    groups.sort(key=len, reverse=True)
    machine = UpProcess("--model", "none", environment={"WORKERS_BATCH": str(TOGETHER)})
    try:
        machine.wait_until_up(240)
        dictionary = sample_data / "hmda/dictionary/hmda_lar_dictionary_2024.csv"
        made = make_reports(machine, dictionary, len(groups))
        # One after the other: a password's hash alone takes 100 MB of the web process.
        tester, owner = (Person(machine.address, made[name]) for name in ("tester", "owner"))
        with ThreadPoolExecutor(TOGETHER) as threads:
            walks = threads.map(
                lambda phase, group: walk(tester, owner, phase, group), made["phases"], groups
            )
            outcomes = [outcome for walked in walks for outcome in walked]
        peaks = peak_memory(machine)
        print(*peaks, sep="\n")
        assert len(outcomes) == len(files) == 117
        counts = manifest(sample_data / "hmda/populations/platform_test_files_manifest.csv")
        assert [each for each in outcomes if not each.is_told(counts[each.file])] == []
        assert tester.crashes + owner.crashes == []
        tester.close()
        owner.close()
        assert any(each.said == "profiled" for each in outcomes)
        crashed = machine.output().partition("Traceback")
        assert crashed[1] == "", crashed[0][-500:] + crashed[2][:4000]
        assert {line.split()[0] for line in peaks} >= {"web", "worker"}
    finally:
        machine.clean()


def manifest(path: Path) -> dict[str, tuple[int, int]]:
    """File -> its records of 110 fields, and those of any other number of fields."""
    with path.open(encoding="utf-8", errors="replace") as lines:
        rows = [
            (row["file"], int(row["lar_rows"]), dict(
                part.split("x") for part in row["fields_per_row"].split(";")))
            for row in csv.DictReader(lines)
        ]  # fmt: skip
    return {name: (int(widths["110"]), total - int(widths["110"])) for name, total, widths in rows}


def walk(tester: Person, owner: Person, phase: int, files: list[Path]) -> list[Outcome]:
    """The files of one report; the first one that is imported has rules proposed."""
    outcomes, approved = [], False
    for file in files:
        outcome, begun = Outcome(file.name), time.monotonic()
        try:
            population = import_file(tester, phase, file)
            if not approved:
                approve_rules(tester, owner, population["cycle_report"])
                approved = True
            outcome.figures = profile(tester, phase, population)
            outcome.said = "profiled"
        except Refusal as refusal:
            outcome.said = f"refused: {refusal}"
        outcome.seconds = time.monotonic() - begun
        outcomes.append(outcome)
        print(outcome, flush=True)
    return outcomes


def approve_rules(tester: Person, owner: Person, cycle_report: int) -> None:
    """Proposed from the plan and the newest population, submitted, and approved by the owner."""
    rule_set = told(tester.api("POST", "rule-sets/", {"cycle_report": cycle_report}))["id"]
    finished(tester, told(tester.api("POST", f"rule-sets/{rule_set}/propose/", {})))
    told(tester.api("POST", f"rule-sets/{rule_set}/submit/", {}))
    told(owner.api("POST", f"rule-sets/{rule_set}/approve/", {}))


def profile(tester: Person, phase: int, population: dict) -> dict:
    moved(tester.post(f"/profiling/phase/{phase}/profile/", {"population": population["id"]}))
    found = tester.api(
        "GET", f"profiles/?page_size=1000&cycle_report={population['cycle_report']}"
    ).json()
    newest = max(found["results"], key=lambda each: each["number"])
    page = f"/profiling/profiles/{newest['id']}/"
    finished(tester, job_about(tester, "profiling.profile", page))
    done = tester.api("GET", f"profiles/{newest['id']}/").json()
    assert (done["population"], done["record_count"]) == (population["id"], population["row_count"])
    for tab in ("", "attributes/", "failures/"):
        assert tester.get(page + tab).status_code == 200
    return {
        "records": population["row_count"],
        "rejected": population["rejected_count"],
        "rules": done["rules_run"],
        "failing": done["failing_records"],
    }


def import_file(tester: Person, phase: int, file: Path) -> dict:
    """The population as the API shows it once the pages have taken it in."""
    tester.get(f"/profiling/phase/{phase}/population/")
    with file.open("rb") as content:
        sent = tester.post(
            f"/profiling/phase/{phase}/population/", files={"file": (file.name, content)}
        )
    confirm = moved(sent)
    page = moved(tester.post(confirm, Fields(tester.get(confirm).text).held | {"action": "import"}))
    number = int(page.strip("/").split("/")[-1])
    finished(tester, job_about(tester, "profiling.import_population", page))
    assert tester.get(page).status_code == 200
    assert tester.get(f"{page}?show=rejected").status_code == 200
    return tester.api("GET", f"populations/{number}/").json()


def job_about(person: Person, task: str, page: str) -> dict:
    """The newest job of the task about what the page shows."""
    jobs = person.api("GET", f"jobs/?task={task}&page_size=1000").json()["results"]
    return next(job for job in jobs if job["result_url"] == page)


def finished(person: Person, job: dict) -> None:
    ended = person.wait(job["id"])
    if ended["status"] != "succeeded" or ended["failed"]:
        raise Refusal((ended["error"] or {}).get("message") or ended["message"])


def moved(reply) -> str:
    """Where a page leads to; one that shows its form again says why in its errors."""
    if reply.status_code == 302:
        return reply.headers["Location"]
    words = " ".join(Fields(reply.text).errors)
    assert words and reply.status_code < 500, reply.text
    raise Refusal(words)


def told(reply) -> dict:
    body = reply.json()
    if reply.status_code >= 400:
        raise Refusal(body["detail"])
    return body


def peak_memory(machine: UpProcess) -> list[str]:
    """The largest resident size that any process of each kind reached."""
    peaks: dict[str, list[int]] = {}
    for process in machine.left():
        kind = "web" if "daphne" in " ".join(process.cmdline()) else "worker"
        status = Path(f"/proc/{process.pid}/status").read_text()
        peaks.setdefault(kind, []).append(int(PEAK.search(status)[1]) // 1024)
    return [
        f"{kind} {max(sizes)} MB at most in {len(sizes)} process(es)"
        for kind, sizes in peaks.items()
    ]
