"""manage.py whose populations come in small parts, and for which each file takes a moment.

`SMALL_STEPS` is the records a part, `LINGER` the seconds before and after a file is put in place;
before the last clearing there are more of them.
"""

import os
import sys
import time
from contextlib import contextmanager
from functools import partial

from django.core.management import execute_from_command_line


def make_small(engine, storage, records: int, seconds: float) -> None:
    writing, delete_folder = storage.writing, storage.delete_folder

    @contextmanager
    def lingering(name: str):
        with writing(name) as draft:
            yield draft
            time.sleep(seconds)
        time.sleep(seconds)

    def deleting(folder: str) -> None:
        time.sleep(15 * seconds)  # there is one of them a job, and who waits for it may be slow
        delete_folder(folder)

    engine.plan_chunks = partial(engine.plan_chunks, records=records)
    storage.writing, storage.delete_folder = lingering, deleting


if __name__ == "__main__":
    import django

    django.setup()
    from synapse.profiling import population, storage

    records, seconds = int(os.environ["SMALL_STEPS"]), float(os.environ["LINGER"])
    make_small(population, storage, records, seconds)
    execute_from_command_line(sys.argv)
