"""Which reasons still tell something: one that very many records share is how things are.

A check is used while it hits at most five records or a small share of all; else every record
would carry a reason and none could be clean. What is left out is told.
"""

from synapse.sampling.selection import kinds
from synapse.sampling.selection.checks import Check
from synapse.sampling.selection.context import Context
from synapse.sampling.selection.proposals import Guess

FEW_RECORDS = 5
# In hundredths of the population.
FEW = {
    kinds.LIMIT: 1,
    kinds.EXTREME: 1,
}
FEW_OTHERWISE = 5
# Only these are worth a word when they are left out; a common extreme surprises nobody.
_WORDS = {
    kinds.MISSING: "a blank",
    kinds.UNREADABLE: "a value of another type",
    kinds.UNLISTED: "a value outside the list",
    kinds.TOO_LONG: "a value over the planned length",
    kinds.BEYOND_LIMIT: "a value beyond the limit",
    kinds.SENTINEL: "a date that stands for none",
}


def is_few(kind: str, hits: int, records: int) -> bool:
    share = FEW.get(kind, FEW_OTHERWISE)
    return hits <= FEW_RECORDS or 100 * hits <= share * records


def kept(guesses: list[Guess], context: Context, records: int) -> tuple[list[Check], list[str]]:
    """The checks that hit some and few, and a sentence for each that hits too many."""
    labels = {each.column: each.label for each in context.attributes}
    found, unused, settled = [], [], set()
    for guess in guesses:
        if guess.check.kind == kinds.RARE:
            guess = _rarest(guess, records)
        if not guess.hits or (guess.choice and guess.choice in settled):
            settled.add(guess.choice)
            continue
        if is_few(guess.check.kind, guess.hits, records):
            settled.add(guess.choice)
            found.append(_with_hits(guess))
        elif guess.check.kind in _WORDS:
            unused.append(
                f"{labels[guess.check.column]}: {_WORDS[guess.check.kind]} is no reason, "
                f"since {guess.hits:,} of {records:,} records have it."
            )
    return found, unused


def _with_hits(guess: Guess) -> Check:
    return Check.from_json(guess.check.as_json() | {"hits": guess.hits})


def _rarest(guess: Guess, records: int) -> Guess:
    """The rarest values that are few together; equally rare ones go or stay together."""
    check, together, keep = guess.check, 0, 0
    for at, uses in enumerate(check.counts):
        together += uses
        is_last = at + 1 == len(check.counts) or check.counts[at + 1] != uses
        if not is_few(kinds.RARE, together, records):
            break
        if is_last:
            keep = at + 1
    counts = check.counts[:keep]
    rarest = Check(check.column, check.kind, values=check.values[:keep], counts=counts)
    return Guess(rarest, hits=sum(counts))
