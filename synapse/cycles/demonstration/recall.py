"""How many of the planted errors were found by the rules, and how many were drawn."""

from dataclasses import dataclass

from synapse.cycles.demonstration.records import KINDS


@dataclass(frozen=True)
class KindFigures:
    kind: str
    reachable: bool
    planted: int
    found: int
    sampled: int


@dataclass(frozen=True)
class Recall:
    kinds: list[KindFigures]
    flagged: int
    """Records that a rule flagged in one of their fields, planted or not."""
    flagged_planted: int

    @property
    def planted(self) -> int:
        return sum(kind.planted for kind in self.kinds)

    @property
    def reachable(self) -> int:
        return sum(kind.planted for kind in self.kinds if kind.reachable)

    @property
    def found(self) -> int:
        return sum(kind.found for kind in self.kinds)

    @property
    def sampled(self) -> int:
        return sum(kind.sampled for kind in self.kinds)


def recall(labels: list, failures: list[dict], samples: list[dict]) -> Recall:
    """Found is an error whose record fails a rule over one of the very fields that are wrong."""
    flagged: dict[int, set[str]] = {}
    for failure in failures:
        names = flagged.setdefault(failure["record_no"], set())
        names.update(failure["attribute"].split("|"))
    drawn = {sample["record_no"] for sample in samples}
    found = {label.record_no for label in labels if _is_found(label, flagged)}
    figures = [
        KindFigures(
            kind.name,
            kind.reachable,
            planted=len(records),
            found=len(records & found),
            sampled=len(records & drawn),
        )
        for kind in KINDS
        if (records := {label.record_no for label in labels if label.kind == kind.name})
    ]
    planted = {label.record_no for label in labels}
    return Recall(figures, flagged=len(flagged), flagged_planted=len(planted & set(flagged)))


def _is_found(label, flagged: dict[int, set[str]]) -> bool:
    return bool(set(label.attributes) & flagged.get(label.record_no, set()))


def lines(result: Recall) -> list[str]:
    """The table, a line a kind, with the totals below."""
    rows = [f"  {'planted error':42}{'planted':>8}{'rule':>6}{'found':>7}{'drawn':>7}"]
    for kind in result.kinds:
        rule = "yes" if kind.reachable else "no"
        rows.append(f"  {kind.kind:42}{kind.planted:8}{rule:>6}{kind.found:7}{kind.sampled:7}")
    rows.append(
        f"  {'all':42}{result.planted:8}{result.reachable:6}{result.found:7}{result.sampled:7}"
    )
    return rows
