"""What the records say of a proposed rule: whether it starts switched on."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from synapse.profiling.proposing.candidates import Candidate

# More blanks than this, and the field is blank for a reason that the rule doesn't know.
MOST_BLANK = Fraction(1, 100)
# More failures than this, and the dictionary's list or format isn't what is filed.
MOST_FAILING = Fraction(1, 10)
MOST_FAILING_IN_FILE = Fraction(1, 100)
# What was concluded from names or examples has to hold almost everywhere.
MOST_FAILING_INFERRED = Fraction(1, 20)
# More than these, and the whole file is written by another convention.
MOST_OF_THEM = Fraction(1, 2)
LEAST_SYSTEMATIC = 20
WHOLE_FILE = ("unique", "constant")


@dataclass(frozen=True)
class Count:
    """What one rule found over a population."""

    checked: int = 0
    failed: int = 0
    not_applicable: int = 0
    error: int = 0
    message: str = ""

    @property
    def records(self) -> int:
        return self.checked + self.not_applicable + self.error


@dataclass(frozen=True)
class Judged:
    """A candidate once it was tried: on or off, with the reason."""

    candidate: Candidate
    enabled: bool
    needs_condition: bool = False
    remark: str = ""
    evidence: dict[str, Any] | None = None


def judge(candidate: Candidate, count: Count | None) -> Judged:
    """Decides by the records; without any, only what may be blank starts switched off."""
    if candidate.rule.kind == "not_blank" and candidate.blank_allowed:
        said = f"the dictionary allows a blank (“{candidate.blank_allowed}”)"
        share = f"; {percent(count.failed, count.checked)} of records are blank" if count else ""
        return Judged(candidate, False, True, f"needs a condition: {said}{share}", _told(count))
    if count is None:
        if candidate.rule.kind == "not_blank" and candidate.rule.severity != "critical":
            remark = "not tried: no population was at hand to see how often it is blank"
            return Judged(candidate, False, False, remark)
        return Judged(candidate, True, remark="not tried on records")
    if count.message:
        return Judged(candidate, False, remark=count.message[:400], evidence=_told(count))
    return _by_share(candidate, count)


def judge_known(candidate: Candidate, count: Count | None, *, enabled: bool, remark: str) -> Judged:
    """A rule from instructions is trusted more than a guess: it is switched off only where most of
    the records it is about fail (of an inferred one, more than a tenth), which tells of another
    convention and not of single errors.
    """
    if count is None:
        return Judged(candidate, enabled, remark=remark or "not tried on records")
    told = _told(count)
    if count.message:
        return Judged(candidate, False, remark=count.message[:400], evidence=told)
    if not enabled:
        return Judged(candidate, False, remark=remark, evidence=told)
    most = MOST_FAILING if candidate.inferred else MOST_OF_THEM
    if count.failed >= LEAST_SYSTEMATIC and over(count.failed, count.checked, most):
        said = (
            f"switched off: {percent(count.failed, count.checked)} of {count.checked:,} records it "
            "is about fail. Either the file follows another convention or all are wrong; look "
            "at some, and switch it on if they are wrong"
        )
        return Judged(candidate, False, remark=said, evidence=told)
    return Judged(candidate, True, remark=remark, evidence=told)


def _by_share(candidate: Candidate, count: Count) -> Judged:
    kind, told = candidate.rule.kind, _told(count)
    share = percent(count.failed, count.checked)
    if kind == "not_blank":
        if over(count.failed, count.checked, MOST_BLANK):
            remark = f"needs a condition: {share} of records are blank"
            return Judged(candidate, False, True, remark, told)
        return Judged(candidate, True, evidence=told)
    if kind in WHOLE_FILE:
        if over(count.failed, count.checked, MOST_FAILING_IN_FILE):
            remark = f"does not hold here: {share} of records fail"
            return Judged(candidate, False, remark=remark, evidence=told)
        return Judged(candidate, True, evidence=told)
    most = MOST_FAILING_INFERRED if candidate.inferred else MOST_FAILING
    if over(count.failed, count.checked, most):
        why = {
            "in_set": "the list may not be closed",
            "regex": "the format may be meant otherwise",
            "date_format": "the dates may be written otherwise",
            "compare": "the dates may be meant otherwise",
            "if_then": "the condition may be meant otherwise",
        }.get(kind, "the limit may be meant otherwise")
        remark = f"{share} of the values checked fail, so {why}"
        return Judged(candidate, False, remark=remark, evidence=told)
    if over(count.error, count.records, MOST_FAILING):
        remark = f"{percent(count.error, count.records)} of records can't be read as the rule needs"
        return Judged(candidate, False, remark=remark, evidence=told)
    return Judged(
        candidate, True, remark="" if count.checked else "no value to try it on", evidence=told
    )


def over(part: int, whole: int, limit: Fraction) -> bool:
    return whole > 0 and Fraction(part, whole) > limit


def percent(part: int, whole: int) -> str:
    """Cut so that a little is never called nothing, nor nearly all, all, nor what is over a limit
    the limit itself."""
    if not whole or not part:
        return "0 %"
    share = Fraction(part * 100, whole)
    if share < 1:
        return "under 1 %"
    if 99 < share < 100:
        return "over 99 %"
    return f"{int(share)} %" if share == int(share) else f"{int(share * 10) / 10} %"


def _told(count: Count | None) -> dict[str, Any] | None:
    if count is None:
        return None
    return {
        "checked": count.checked,
        "failed": count.failed,
        "not_applicable": count.not_applicable,
        "error": count.error,
    }
