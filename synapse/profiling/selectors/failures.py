"""The failing records of a finished profile, read from its files in storage."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from synapse.profiling import failures as files
from synapse.profiling import storage
from synapse.profiling.errors.profiles import ProfileUnfinished
from synapse.profiling.failures import Failure
from synapse.profiling.models import Profile


def require_finished(profile: Profile) -> None:
    """Raises while the profile's figures are still a part of the truth."""
    if not profile.is_finished:
        raise ProfileUnfinished(profile=profile)


@contextmanager
def failure_paths(profile: Profile) -> Iterator[list[Path]]:
    """The files as this machine can read them."""
    require_finished(profile)
    with storage.local_files(profile.failure_files) as paths:
        yield paths


def failures(
    profile: Profile, rule_id: str | None = None, after: int = 0, limit: int = 100
) -> list[Failure]:
    """`limit` failures after the first `after`, in the order of the records."""
    with failure_paths(profile) as paths:
        return files.page(paths, rule_id=rule_id, after=after, limit=limit)


def each_failure(profile: Profile, rule_id: str | None = None) -> Iterator[Failure]:
    """All of them, a few at a time; asks the database nothing, and refuses before the first."""
    require_finished(profile)
    storage.require_files(profile.failure_files)
    return _each(profile, rule_id)


def _each(profile: Profile, rule_id: str | None) -> Iterator[Failure]:
    with failure_paths(profile) as paths:
        yield from files.each(paths, rule_id=rule_id)


class FailureRows:
    """The failures as a sequence that a paginator can cut: it reads no more than it shows."""

    def __init__(self, profile: Profile, rule_id: str | None, total: int):
        """`total`: how many there are by the counts of the rules."""
        self.profile, self.rule_id, self._total = profile, rule_id, total

    def __len__(self) -> int:
        return self._total

    def __getitem__(self, wanted: slice) -> list[Failure]:
        if not self._total:
            return []
        start = wanted.start or 0
        limit = (self._total if wanted.stop is None else wanted.stop) - start
        return failures(self.profile, self.rule_id, after=start, limit=limit)
