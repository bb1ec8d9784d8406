"""The pipeline as README calls it: a report from its files to samples, without a page."""

import csv
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import psutil
import pytest

from synapse.common.embedded import BASE_DIR

pytestmark = [pytest.mark.acceptance, pytest.mark.timeout(600)]

COLUMNS = {
    "attributes.csv": (
        "name,technical_name,line,item_code,data_type,requirement,allowed_values,is_key,is_cde,"
        "has_issues,source"
    ),
    "rules.csv": "rule_id,attributes,kind,parameters,severity,source,enabled",
    "profile.csv": "rule_id,checked,failed,not_applicable,error",
    "failures.csv": "record_no,key,rule_id,attribute,value",
    "scope.csv": "attribute,recommendation,score,in_scope,reason",
    "samples.csv": "record_no,key,category,reasons",
}
DICTIONARY = """name,technical_name,format,requirement,allowed_values,description
Loan Number,LoanNumber,C10,Mandatory,,Identifies the loan.
Purpose,Purpose,N1,Mandatory,1 = Purchase; 2 = Refinance,What the loan is for.
Amount,Amount,N12.2,Mandatory,,Outstanding amount in dollars.
Booked,Booked,Date YYYYMMDD,Mandatory,,Day of booking.
"""


class Runs:
    """Runs of the command on state folders of their own."""

    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="pipe-"))

    def __call__(self, *arguments: str, state: str = "state") -> subprocess.CompletedProcess:
        inherited = {
            key: value
            for key, value in os.environ.items()
            if not key.startswith(("DATABASE_", "DJANGO_", "SYNAPSE_", "LLM_"))
        }
        return subprocess.run(
            [sys.executable, "manage.py", "pipeline", *arguments],
            cwd=BASE_DIR,
            env=inherited | {"SYNAPSE_STATE": str(self.folder / state)},
            capture_output=True,
            text=True,
            timeout=500,
        )

    def left(self) -> list[psutil.Process]:
        return [each for each in psutil.process_iter(["cmdline"]) if self._ours(each)]

    def _ours(self, process: psutil.Process) -> bool:
        return str(self.folder) in " ".join(process.info["cmdline"] or [])


@pytest.fixture(scope="module")
def runs():
    made = Runs()
    yield made
    for process in made.left():
        process.kill()
    shutil.rmtree(made.folder, ignore_errors=True)


@pytest.fixture
def files(tmp_path):
    """A small report: 40 loans, one of them with a purpose that is not listed."""
    (tmp_path / "dictionary.csv").write_text(DICTIONARY)
    lines = ["Loan Number,Purpose,Amount,Booked"]
    lines += [
        f"L{number:05},{1 + number % 2},{1000 + number}.00,202501{1 + number % 28:02}"
        for number in range(1, 40)
    ]
    lines.append("L00040,7,1040.00,20250102")
    (tmp_path / "loans.csv").write_text("\n".join(lines) + "\n")
    return tmp_path


def call(files, **options) -> list[str]:
    values = {
        "report": "Small loans",
        "dictionary": files / "dictionary.csv",
        "population": files / "loans.csv",
        "out": files / "out",
    } | options
    return [
        part
        for name, value in values.items()
        for part in (f"--{name.replace('_', '-')}", str(value))
    ]


def rows(path: Path) -> list[dict]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_small_report_goes_all_the_way(runs, files):
    done = runs(*call(files, sample_size=10, seed=3, top=2))
    assert done.returncode == 0, done.stdout + done.stderr
    out = files / "out"
    for name, wanted in COLUMNS.items():
        headings = (out / name).read_text(encoding="utf-8").splitlines()[0].split(",")
        assert headings[: wanted.count(",") + 1] == wanted.split(","), name
    manifest = json.loads((out / "manifest.json").read_text())
    assert manifest["key"] == ["Loan Number"]
    assert (manifest["seed"], manifest["population"]["records"]) == (3, 40)
    assert len(manifest["jobs"]) >= 4
    failures = rows(out / "failures.csv")
    assert {(row["record_no"], row["key"], row["value"]) for row in failures} == {
        ("40", "L00040", "7")
    }
    assert "40" in {row["record_no"] for row in rows(out / "samples.csv")}
    assert runs.left() == []


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"population": "nowhere.csv"}, "--population nowhere.csv: there is no such file"),
        ({"key": "Loan Number,Colour"}, "Colour"),
        ({"sample_size": 500}, "500"),
        ({"population": "foreign"}, "none of its 2 columns"),
        ({"spec": "dictionary"}, "model"),
        ({"rules": "rules"}, "row 2"),
    ],
)
def test_bad_input_is_one_line_and_leaves_nothing(runs, files, options, words):
    (files / "foreign").write_text("colour,taste\nred,sweet\nblue,sour\n")
    (files / "rules").write_text("rule_id,attributes,kind,parameters\nA,Colour,not_blank,{}\n")
    made = {"foreign": "foreign", "dictionary": "dictionary.csv", "rules": "rules"}
    chosen = {
        name: files / made[value] if value in made else value for name, value in options.items()
    }
    done = runs(*call(files, **chosen))
    assert done.returncode == 1, done.stdout + done.stderr
    told = [line for line in done.stderr.splitlines() if "Error" in line]
    assert len(told) == 1
    assert words in told[0]
    assert "Traceback" not in done.stderr
    assert not (files / "out").exists()
    assert [path.name for path in files.iterdir() if path.name.startswith(".")] == []


def test_one_seed_gives_the_same_files_on_two_fresh_databases(runs, tmp_path, sample_data):
    folder = sample_data / "hmda"
    whole = folder / "populations" / "generated" / "hmda2024_bank1_clean_10000.txt"
    population = tmp_path / "hmda.txt"
    with whole.open(encoding="utf-8") as source:
        population.write_text("".join(next(source) for _ in range(1001)), encoding="utf-8")
    options = {
        "report": "HMDA LAR",
        "dictionary": folder / "dictionary" / "hmda_lar_dictionary_2024.csv",
        "population": population,
    }
    for state, seed in (("one", 7), ("two", 7), ("two", 8)):
        out = tmp_path / f"{state}-{seed}"
        done = runs(*call(tmp_path, **options, seed=seed, out=out), state=state)
        assert done.returncode == 0, done.stdout + done.stderr
    for name in COLUMNS:
        assert (tmp_path / "one-7" / name).read_bytes() == (tmp_path / "two-7" / name).read_bytes()
    samples = [(tmp_path / each / "samples.csv").read_bytes() for each in ("two-7", "two-8")]
    assert samples[0] != samples[1]
    assert len(rows(tmp_path / "one-7" / "attributes.csv")) == 110
    assert rows(tmp_path / "one-7" / "failures.csv") == []
