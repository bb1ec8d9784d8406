"""Environment variables that can't be what their name says stop the start, naming themselves."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from synapse.settings import env


@pytest.mark.parametrize(("given", "days"), [(None, 90), ("0", 0), ("7", 7), ("36500", 36_500)])
def test_days_are_whole_and_may_be_none(monkeypatch, given, days):
    monkeypatch.delenv("SOME_DAYS", raising=False)
    if given is not None:
        monkeypatch.setenv("SOME_DAYS", given)
    assert env.days("SOME_DAYS", 90) == days


@pytest.mark.parametrize("given", ["-1", "36501", "1.5", "inf", "nan", "a week", ""])
def test_other_days_are_refused_by_name(monkeypatch, given):
    monkeypatch.setenv("SOME_DAYS", given)
    with pytest.raises(ImproperlyConfigured, match="SOME_DAYS must be"):
        env.days("SOME_DAYS", 90)
