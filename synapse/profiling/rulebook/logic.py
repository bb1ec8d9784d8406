"""Three-valued outcomes: what does not apply, what can't be read, and what holds."""

from dataclasses import dataclass

import ibis
from ibis.expr.types import BooleanValue


@dataclass(frozen=True)
class Outcome:
    """One statement about a record; None stands for "never".

    `holds` counts only where neither `absent` nor `unreadable` is true.
    """

    holds: BooleanValue
    absent: BooleanValue | None = None
    unreadable: BooleanValue | None = None

    def failed(self) -> BooleanValue:
        found = ~self.holds
        for excluded in (self.unreadable, self.absent):
            if excluded is not None:
                found = ~excluded & found
        return found

    def error(self) -> BooleanValue | None:
        if self.unreadable is None or self.absent is None:
            return self.unreadable
        return ~self.absent & self.unreadable

    def truth(self, when_absent: bool) -> BooleanValue:
        """True, false or (unreadable) NULL, as a part of a condition."""
        branches = []
        if self.absent is not None:
            branches.append((self.absent, ibis.literal(when_absent)))
        if self.unreadable is not None:
            branches.append((self.unreadable, ibis.null("boolean")))
        return ibis.cases(*branches, else_=self.holds) if branches else self.holds


def any_of(*found: BooleanValue | None) -> BooleanValue | None:
    """True where one of them is; None when all of them never are."""
    known = [each for each in found if each is not None]
    return ibis.or_(*known) if known else None
