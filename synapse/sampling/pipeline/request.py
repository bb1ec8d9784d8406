"""What the pipeline is asked to do, checked before anything is started."""

from dataclasses import dataclass
from pathlib import Path

from synapse.common.errors import DomainError
from synapse.sampling.options import DEFAULT_SIZE, LARGEST, LARGEST_SEED

DEFAULT_SEED = 1


class PipelineStopped(DomainError):
    code = "pipeline_stopped"
    message = "{reason}"


@dataclass(frozen=True)
class Request:
    """The options of the command line; `sample_size` None takes the usual size."""

    report: str
    dictionary: Path
    population: Path
    out: Path
    spec: Path | None = None
    rules: Path | None = None
    cde: Path | None = None
    issues: Path | None = None
    key: tuple[str, ...] = ()
    sample_size: int | None = None
    seed: int = DEFAULT_SEED
    top: int | None = None
    builtin_rules: bool = True

    @property
    def files(self) -> dict[str, Path]:
        named = {
            "dictionary": self.dictionary,
            "population": self.population,
            "spec": self.spec,
            "rules": self.rules,
            "cde": self.cde,
            "issues": self.issues,
        }
        return {name: path for name, path in named.items() if path}

    def size_for(self, records: int) -> int:
        """As asked for; the usual size never exceeds the population."""
        return self.sample_size or min(DEFAULT_SIZE, max(records, 1))

    def check(self) -> None:
        """Raises PipelineStopped with the first option that can't be."""
        if not self.report.strip():
            raise PipelineStopped(reason="--report is empty: give the report's name.")
        for name, path in self.files.items():
            _require_readable(name, path)
        if self.sample_size is not None and not 1 <= self.sample_size <= LARGEST:
            raise PipelineStopped(
                reason=f"--sample-size {self.sample_size}: a sample has 1 to {LARGEST:,} records."
            )
        if not 0 <= self.seed <= LARGEST_SEED:
            raise PipelineStopped(reason=f"--seed {self.seed}: a seed is 0 to {LARGEST_SEED}.")
        if self.top is not None and self.top < 0:
            raise PipelineStopped(reason=f"--top {self.top}: give 0 or more attributes.")


def _require_readable(name: str, path: Path) -> None:
    if not path.exists():
        raise PipelineStopped(reason=f"--{name} {path}: there is no such file.")
    if not path.is_file():
        raise PipelineStopped(reason=f"--{name} {path}: this is not a file.")
    try:
        with path.open("rb"):
            return
    except OSError as error:
        reason = f"--{name} {path}: it can't be read ({error.strerror})."
        raise PipelineStopped(reason=reason) from error
