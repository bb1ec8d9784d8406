"""The people of the demonstration, and FR Y-14M D.1 in a cycle that they work on."""

import secrets

from synapse.cycles import cast
from synapse.cycles.cast import Cast
from synapse.cycles.models import CycleReport

NUMBER = "DEMO-Y14M-D1"


def gather() -> Cast:
    """The cast with a fresh password; people of an earlier demonstration play again."""
    return cast.gather("demo", password=secrets.token_urlsafe(9))


def stage(people: Cast) -> CycleReport:
    return cast.stage(
        people,
        cycle="Demonstration",
        number=NUMBER,
        name="Capital Assessments and Stress Testing, monthly",
        regulation="FR Y-14M",
        schedule="D.1 Domestic Credit Card",
    )
