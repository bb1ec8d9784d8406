"""The choice itself: named records, the cover, the highest ranks, and clean ones by seed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

from synapse.sampling.selection import kinds
from synapse.sampling.selection.context import Context
from synapse.sampling.selection.cover import Candidate, cover, take
from synapse.sampling.selection.errors import KeysUnknown
from synapse.sampling.selection.merging import Pool, merged
from synapse.sampling.selection.mix import make_room, quotas
from synapse.sampling.selection.options import SIMPLE_RANDOM, Options
from synapse.sampling.selection.outcome import ChosenRecord, Selection
from synapse.sampling.selection.pools import PoolCount
from synapse.sampling.selection.reporting import report_of
from synapse.sampling.selection.slots import Slot, slots_of
from synapse.sampling.selection.survey import Survey
from synapse.sampling.selection.wording import rationale_of, reason_of


@dataclass(frozen=True)
class Pick:
    """A candidate and how it came into the sample, in words."""

    candidate: Candidate
    because: str


def choose(
    pool_files: Sequence[Path],
    context: Context,
    options: Options,
    survey: Survey,
    counts: Sequence[PoolCount],
    *,
    threads: int | None = None,
) -> Selection:
    """The sample from the pools of all parts, in whatever order these are named."""
    options.check(population=survey.records)
    pool = merged(pool_files, options, threads=threads)
    pinned = _pinned(pool, options)
    if options.method == SIMPLE_RANDOM:
        seats: dict[str, int] = {}
        picks = _at_random(pool, options)
    else:
        taken = {name: 0 for name in kinds.PRECEDENCE}
        for each in pinned:
            taken[each.category] += 1
        seats = make_room(quotas(options), taken)
        picks = _by_risk(pool, pinned, context, options, dict(seats))
    slots = slots_of(context, survey)
    picks.sort(key=lambda pick: kinds.PRECEDENCE[pick.candidate.category])
    samples = _told_apart([_record(pick, slots, context, survey) for pick in picks])
    chosen = [pick.candidate for pick in picks]
    total = sum(counts, PoolCount())
    report = report_of(context, options, survey, pool, chosen, seats, total)
    return Selection(samples, report)


def _pinned(pool: Pool, options: Options) -> list[Candidate]:
    """The records named by the tester, in the order of naming."""
    by_key: dict[str, list[Candidate]] = {}
    for each in pool.candidates:
        if each.is_pinned:
            by_key.setdefault(each.key, []).append(each)
    named = list(dict.fromkeys(options.include))
    if unknown := [key for key in named if key not in by_key]:
        raise KeysUnknown(count=len(unknown), first=unknown[0])
    return [each for key in named for each in by_key[key][:1]]


def _at_random(pool: Pool, options: Options) -> list[Pick]:
    ordered = sorted(pool.candidates, key=lambda each: (each.order, each.record_no))
    because = f"It was drawn by chance, by seed {options.seed}, with the same chance as any other"
    return [Pick(each, because) for each in ordered[: options.size]]


def _by_risk(
    pool: Pool,
    pinned: list[Candidate],
    context: Context,
    options: Options,
    seats: dict[str, int],
) -> list[Pick]:
    needs = {
        at: options.per_attribute for at, each in enumerate(context.attributes) if not each.is_key
    }
    picks = [Pick(each, "It was named by the tester") for each in pinned]
    for each in pinned:
        take(each, needs, seats)
    named = set(pinned)
    rest = [each for each in pool.candidates if each not in named]
    doubtful = [each for each in rest if each.category != kinds.CLEAN]
    for each in _covering(doubtful, context, needs, seats):
        picks.append(each)
    covered = {pick.candidate for pick in picks}
    for each in sorted(doubtful, key=lambda each: each.place):
        if each not in covered and seats[each.category]:
            seats[each.category] -= 1
            picks.append(Pick(each, f"It ranks among the highest, with {_points(each)} points"))
    clean = [each for each in rest if each.category == kinds.CLEAN]
    clean.sort(key=lambda each: (each.is_soiled, each.order, each.record_no))
    for each in clean[: seats[kinds.CLEAN]]:
        because = f"It was drawn by seed {options.seed} among the clean ones"
        if each.is_soiled:
            because += "; it fails a rule on attributes outside the scope"
        picks.append(Pick(each, because))
    return picks


def _covering(
    doubtful: list[Candidate], context: Context, needs: dict[int, int], seats: dict[str, int]
) -> list[Pick]:
    picks = []
    for each, met in cover(doubtful, needs, seats):
        labels = [context.attributes[at].label for at in met]
        told = ", ".join(labels[:3]) + (f" and {len(labels) - 3} more" if labels[3:] else "")
        picks.append(Pick(each, f"It was chosen to exercise {told}"))
    return picks


def _points(candidate: Candidate) -> Decimal:
    return Decimal(candidate.rank).scaleb(-1)


def _record(pick: Pick, slots: list[Slot], context: Context, survey: Survey) -> ChosenRecord:
    each = pick.candidate
    reasons = []
    for number, value in each.reasons:
        slot = slots[number]
        attribute = context.attributes[slot.attribute]
        reasons.append(reason_of(slot, attribute, value, survey.records))
    # The strongest first, so that a long rationale names what matters.
    order = sorted(range(len(reasons)), key=lambda at: -slots[each.reasons[at][0]].points)
    told = tuple(reasons[at] for at in order)
    return ChosenRecord(
        record_no=each.record_no,
        key=each.key,
        category=each.category,
        rank=_points(each),
        reasons=told,
        rationale=rationale_of(each.category, told, pick.because),
    )


def _told_apart(samples: Sequence[ChosenRecord]) -> tuple[ChosenRecord, ...]:
    """Other keys may read alike, such as a number and the record number that stands for a blank."""
    found: dict[str, ChosenRecord] = {}
    for each in samples:
        key = f"{each.key} (record {each.record_no})" if each.key in found else each.key
        found[key] = replace(each, key=key)
    return tuple(found.values())
