"""How well real dictionaries are read: `python -m tests.planning.dictionary_report`.

Prints, for each file, the fields read against those expected, and how many names, types,
requirements and code lists differ from a reading written apart from the product.
"""

import os
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from synapse.planning.dictionary.reading import read_dictionary
from tests.planning.expected_fields import FILES, expected_fields

CHECKS = ("name", "technical_name", "data_type", "length", "scale", "requirement", "codes")


@dataclass
class Score:
    """One file's outcome: what was compared and where the two readings differ."""

    title: str
    expected: int
    read: int
    left_out: int
    seconds: float
    compared: dict[str, int] = field(default_factory=lambda: dict.fromkeys(CHECKS, 0))
    wrong: dict[str, list[str]] = field(default_factory=lambda: {name: [] for name in CHECKS})

    @property
    def error_rate(self) -> float:
        compared = sum(self.compared.values())
        return sum(map(len, self.wrong.values())) / compared if compared else 0.0


def measure(folder: Path, title: str) -> Score:
    name, count = FILES[title]
    content = (folder / name).read_bytes()
    begun = time.perf_counter()
    dictionary = read_dictionary(content, Path(name).name)
    seconds = time.perf_counter() - begun
    score = Score(title, count, len(dictionary.fields), len(dictionary.left_out), seconds)
    by_line = {each.line: each for each in dictionary.fields}
    for wanted in expected_fields(folder, title):
        got = by_line.get(wanted.line)
        for check in CHECKS:
            value = getattr(wanted, check)
            if value is None:
                continue
            score.compared[check] += 1
            if got is None or _value(got, check) != value:
                shown = "nothing" if got is None else _value(got, check)
                score.wrong[check].append(f"line {wanted.line}: {value!r}, read {shown!r}")
    return score


def _value(got, check: str):
    if check == "codes":
        return tuple(entry["code"] for entry in got.allowed_values)
    return getattr(got, check)


def line(score: Score) -> str:
    cells = [
        f"{score.title:16}",
        f"{score.read:4} of {score.expected:4}",
        f"{score.left_out:4} left out",
        *(f"{len(score.wrong[name]):3}/{score.compared[name]:<4}" for name in CHECKS),
        f"{score.error_rate:6.2%}",
        f"{score.seconds * 1000:5.0f} ms",
    ]
    return "  ".join(cells)


def heading() -> str:
    names = ("name", "techn.", "type", "length", "scale", "req.", "codes")
    return (
        f"{'dictionary':16}  {'fields':>12}  {'':13}  "
        + "  ".join(f"{name:8}" for name in names)
        + "  errors"
    )


def main() -> int:
    folder = os.environ.get("SYNAPSE_SAMPLE_DATA")
    if not folder:
        print("SYNAPSE_SAMPLE_DATA is not set: real regulatory files are not here")
        return 2
    print("wrong / compared")
    print(heading())
    scores = [measure(Path(folder), title) for title in FILES]
    for score in scores:
        print(line(score))
    for score in scores:
        for check, faults in score.wrong.items():
            for fault in faults:
                print(f"{score.title}, {check}: {fault}"[:300])
    return 0 if all(score.read == score.expected for score in scores) else 1


if __name__ == "__main__":
    sys.exit(main())
