"""python -m tests.measures: takes each measure away in a scratch clone; its tests must then fail.

Numbers choose rows; --table prints the table only; --sound runs the tests unpatched only.
"""

import argparse
import os
import subprocess
import sys
import time

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "synapse.settings.test")

from tests.measures import clone, table


def main() -> int:
    options = argparse.ArgumentParser(prog="python -m tests.measures", description=__doc__)
    options.add_argument("numbers", nargs="*", type=int, metavar="NUMBER", help="rows (all)")
    options.add_argument("--table", action="store_true", help="print the table only")
    options.add_argument("--sound", action="store_true", help="run the tests unpatched only")
    chosen = options.parse_args()
    rows = [row for row in table.read() if not chosen.numbers or row.number in chosen.numbers]
    if chosen.table:
        print(table.as_text(rows))
        return 0
    begun = time.monotonic()
    with clone.scratch() as copy:
        broken = unsound(copy, rows)
        for line in broken:
            print(f"Fails with every measure in place: {line}")
        kept = [] if chosen.sound else [row for row in rows if not fails_without(copy, row)]
    print(
        f"\n{len(rows)} failures, {len(broken)} tests fail with the measures, "
        f"{0 if chosen.sound else len(rows) - len(kept)} rows fail without theirs, "
        f"{time.monotonic() - begun:.0f} s"
    )
    return 1 if broken or kept else 0


def unsound(copy: clone.Clone, rows: list[table.Row]) -> list[str]:
    """Tests that fail although nothing was taken away."""
    found = []
    for own_server in (False, True):
        tests = {test for row in rows if row.own_server == own_server for test in row.tests}
        found += copy.run(sorted(tests), own_server=own_server) if tests else []
    return [f"{each.test}: {each.said[:200]}" for each in found if not each.passed]


def fails_without(copy: clone.Clone, row: table.Row) -> bool:
    """Whether every case of the row's tests fails by its own check once the measure is gone."""
    print(f"{row.number:>3}  {row.failure}")
    print(f"     ours: {row.ours}")
    try:
        with copy.without(row.patch):
            found = copy.run(row.tests, own_server=row.own_server)
    except (subprocess.SubprocessError, RuntimeError) as error:
        print(f"     could not be tried: {error}", flush=True)
        return False
    good = bool(found) and all(each.failed_by(row.fails_by) for each in found)
    for each in found:
        print(f"     {each.test}\n       {' '.join(each.said.split())[:150] or 'passed'}")
    print(f"     fails without the measure: {'yes' if good else 'NO'}", flush=True)
    return good


if __name__ == "__main__":
    sys.exit(main())
