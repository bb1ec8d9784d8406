"""Numbers in addresses and forms: what names no row is none, and never a crash."""

import pytest

from synapse.common.queries import number_in


@pytest.mark.parametrize("text", [None, "", "x", "-1", "1.5", " 1", "²", "9" * 19, "9" * 5000])
def test_what_names_no_row_is_none(text):
    assert number_in(text) is None


def test_a_number_is_read():
    assert number_in("17") == 17
    assert number_in("9" * 18) == 10**18 - 1
