"""What drawn records prove is said of what they were drawn from, and of no more."""

import pytest

from synapse.sampling.models import Sample
from synapse.sampling.options import DrawOptions
from synapse.sampling.proof import proofs_of_draw


@pytest.mark.parametrize(
    ("stratum", "told"),
    [
        ({"clean": 50, "spotless": 50, "is_even": True}, "from the 50 clean records, and"),
        ({"clean": 50, "spotless": 9, "is_even": True}, "from the 9 clean records that fail no"),
        ({"clean": 50, "spotless": 2, "is_even": False}, "prove nothing of the others"),
    ],
)
def test_a_proof_speaks_of_no_more_than_what_was_drawn_from(stratum, told):
    samples = [Sample(selection="random")] * 3
    [proof] = proofs_of_draw(DrawOptions(), {"stratum": stratum}, samples, 200)
    assert told in proof


def test_a_random_proof_leaves_out_what_was_left_out():
    samples = [Sample(selection="random")] * 45
    wished = DrawOptions(method="simple_random", confidence=90)
    [proof] = proofs_of_draw(wished, {"excluded": 3}, samples, 200)
    assert proof.startswith(
        "45 records without a deviation prove, at 90 % confidence, that at most"
    )
    assert "5.0 % deviate" in proof and "from the 197 not left out" in proof
