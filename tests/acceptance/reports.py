"""Reports over one dictionary, each with its approved plan and profiling begun, for a machine."""

import json
import os
import subprocess
import sys
from pathlib import Path

from synapse.common.embedded import BASE_DIR
from tests.acceptance.machine import UpProcess

MAKE = "import django; django.setup(); from tests.acceptance.reports import make; make()"


def make_reports(machine: UpProcess, dictionary: Path, count: int) -> dict:
    """`{tester, owner, phases}`: user names, and the ids of the profiling phases."""
    made = subprocess.run(
        [sys.executable, "-c", MAKE],
        cwd=BASE_DIR,
        env=machine.environment
        | {
            "DJANGO_SETTINGS_MODULE": "synapse.settings.development",
            "DICTIONARY": str(dictionary),
            "COUNT": str(count),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stderr
    return json.loads(made.stdout)


def make() -> None:
    """Runs in a process of its own, on the machine's database."""
    # Models can be imported only once Django is set up, which the importing test leaves to this.
    from synapse.cycles.services import approval
    from synapse.planning.services.documents import take_document
    from synapse.planning.services.importing import Choices, import_dictionary
    from synapse.planning.services.plans import start_plan
    from tests.factories.accounts import make_owner, make_tester
    from tests.factories.cycles import make_cycle, make_cycle_report, make_phase, make_report

    dictionary = Path(os.environ["DICTIONARY"])
    tester, owner, cycle = make_tester("tess"), make_owner("olive"), make_cycle()
    phases = []
    for _ in range(int(os.environ["COUNT"])):
        cycle_report = make_cycle_report(
            tester=tester, cycle=cycle, report=make_report(owner=owner)
        )
        plan = start_plan(phase=make_phase("planning", cycle_report=cycle_report), actor=tester)
        document = take_document(
            cycle_report=cycle_report,
            kind="dictionary",
            name=dictionary.name,
            content=dictionary.read_bytes(),
            actor=tester,
        )
        import_dictionary(plan=plan, document=document, actor=tester, choices=Choices())
        approval.approve(version=approval.submit(version=plan, actor=tester), actor=owner)
        phases.append(make_phase("profiling", cycle_report=cycle_report).pk)
    sys.stdout.write(json.dumps({"tester": "tess", "owner": "olive", "phases": phases}))
