"""The work of a draw in steps: what is asked, what there is to do, and how one step is done."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.files.storage import default_storage

from synapse.profiling import storage
from synapse.sampling import describing, ground, options, selection
from synapse.sampling.errors import DrawnAlready, GroundMoved
from synapse.sampling.ground import Fields, Ground
from synapse.sampling.models import SampleSet
from synapse.sampling.options import DrawOptions
from synapse.sampling.selectors import drawn_of
from synapse.sampling.services.editing import lock_draft_of

SURVEY, POOL, CHOOSE = "survey", "pool", "choose"


@dataclass(frozen=True)
class Step:
    """One piece of the work; `payload` is JSON."""

    key: str
    label: str
    payload: dict[str, Any]


@dataclass(frozen=True)
class Drawn:
    """The records chosen with their rows, ready to be stored."""

    selection: Any
    rows: dict[int, Any]
    candidates: int = 0


def begin(*, sample_set: SampleSet, actor, wished: DrawOptions, replace: bool) -> SampleSet:
    """The draft to draw into, once nothing stands against the draw. Changes nothing yet.

    Call it in the transaction that starts the job: the draft stays locked until then.
    """
    sample_set = lock_draft_of(actor, sample_set.pk)
    found = ground.ground_of(sample_set.phase)
    ground.fields_of(found.scope, found.population)
    found.require_for(wished.method)
    options.check(wished, records=found.population.row_count)
    drawn = drawn_of(sample_set)
    if drawn.exists() and not replace:
        decided = drawn.exclude(decision=None).count()
        raise DrawnAlready(count=drawn.count(), decided=decided)
    return sample_set


def options_from(form) -> DrawOptions:
    """The options of a form that is valid."""
    return DrawOptions(**{name: form.cleaned_data[name] for name in DrawOptions.names()})


class Draw:
    """One draw in the hands of a worker; reads the database once, then works on files."""

    def __init__(self, version_id: int, job_id: int, wished: DrawOptions):
        self.sample_set = SampleSet.objects.select_related("phase").get(pk=version_id)
        self.wished = wished
        self.ground: Ground = ground.ground_of(self.sample_set.phase)
        self.ground.require_for(wished.method)
        self.fields: Fields = ground.fields_of(self.ground.scope, self.ground.population)
        self.context = describing.context_of(
            self.ground.population, self.fields, self.ground.profile
        )
        self.options = describing.options_of(wished)
        self.folder = f"samples/{version_id}/draw-{job_id}"
        self._survey = None

    def steps(self) -> list[Step]:
        """The thresholds of the file, candidates from each part, then the choice."""
        count, asked = len(self.ground.population.parts), {"ground": self.ground.as_json()}
        return [
            Step(SURVEY, "thresholds of the whole file", asked | {"kind": SURVEY}),
            *(
                Step(
                    f"part-{part:05}",
                    f"candidates from part {part} of {count}",
                    asked | {"kind": POOL, "part": part},
                )
                for part in range(1, count + 1)
            ),
            Step(CHOOSE, "choice of the records", asked | {"kind": CHOOSE}),
        ]

    def work(self, payload: dict[str, Any]) -> Drawn | None:
        """Does one step; touches files alone. Only the choice has something to store.

        The steps before may have been another worker's, days ago if the job was paused: what they
        left means nothing on other ground.
        """
        for what, pk in self.ground.as_json().items():
            if payload["ground"][what] != pk:
                raise GroundMoved(what=f"The {what}")
        kind = payload["kind"]
        if kind == SURVEY:
            self._find_thresholds()
        elif kind == POOL:
            with storage.local_parts(self.ground.population) as parts:
                self._pool(parts, payload["part"])
        else:
            return self._choose()
        return None

    def require_unmoved(self) -> None:
        """Raises if what was read at the start is not what stands now."""
        now = ground.ground_of(self.sample_set.phase)
        for what in ("scope", "population"):
            if getattr(now, what).pk != getattr(self.ground, what).pk:
                raise GroundMoved(what=f"The {what}")

    def clear(self) -> None:
        """Removes what the steps left for one another."""
        storage.delete_folder(self.folder)

    def clear_others(self) -> None:
        """Removes what draws of the phase left that were cancelled or failed.

        A phase has one draft and the draft one live draw, so what else stands there is of no use;
        an earlier draw that is tried again makes it anew.
        """
        versions = SampleSet.objects.filter(phase=self.sample_set.phase)
        for version_id in versions.values_list("pk", flat=True):
            for folder in storage.folders_in(f"samples/{version_id}"):
                if folder != self.folder:
                    storage.delete_folder(folder)

    def _find_thresholds(self):
        with storage.local_parts(self.ground.population) as parts:
            self._survey = selection.survey(parts, self.context)
        self._keep_json(self._name(SURVEY, "json"), self._survey.as_json())
        return self._survey

    def _thresholds(self):
        if self._survey is None:
            kept = self._read_json(self._name(SURVEY, "json"))
            self._survey = (
                self._find_thresholds() if kept is None else selection.Survey.from_json(kept)
            )
        return self._survey

    def _pool(self, parts: list[Path], part: int):
        """Candidates of one part; made again where another worker's file is not to be had."""
        found = self._thresholds()
        failures = self.ground.profile.failure_files if self.ground.profile else []
        with storage.local_files(failures) as paths, storage.writing(self._pool_name(part)) as out:
            count = selection.pool_part(
                parts[part - 1], self.context, self.options, found, paths, out
            )
        self._keep_json(self._name(f"count-{part:05}", "json"), count.as_json())
        return count

    def _choose(self) -> Drawn:
        population = self.ground.population
        with storage.local_parts(population) as parts:
            counts, pools = [], []
            for part in range(1, len(parts) + 1):
                kept = self._read_json(self._name(f"count-{part:05}", "json"))
                lost = kept is None or not default_storage.exists(self._pool_name(part))
                counts.append(
                    self._pool(parts, part) if lost else selection.PoolCount.from_json(kept)
                )
                pools.append(self._pool_name(part))
            with storage.local_files(pools) as files:
                chosen = selection.choose(
                    files, self.context, self.options, self._thresholds(), counts
                )
            numbers = [record.record_no for record in chosen.samples]
            columns = [column["name"] for column in population.columns]
            return Drawn(chosen, selection.rows_of(parts, numbers, columns))

    def _name(self, stem: str, suffix: str) -> str:
        return f"{self.folder}/{stem}.{suffix}"

    def _pool_name(self, part: int) -> str:
        return self._name(f"pool-{part:05}", "parquet")

    def _keep_json(self, name: str, value: Any) -> None:
        storage.write_part(name, json.dumps(value).encode())

    def _read_json(self, name: str) -> Any:
        if not default_storage.exists(name):
            return None
        with storage.local_files([name]) as (path,):
            return json.loads(path.read_text(encoding="utf-8"))
