"""A REST client with curl alone walks from a specification to an approved scope."""

import os
import re
import subprocess
import sys

import pytest

from synapse.common.embedded import BASE_DIR
from tests.acceptance.machine import UpProcess

pytestmark = [pytest.mark.acceptance, pytest.mark.timeout(400)]

CAST = """
import django; django.setup()
from synapse.cycles.demonstration.cast import gather, stage
cast = gather(); print(cast.token(cast.tester), cast.token(cast.owner), stage(cast).pk)
"""


def test_the_whole_path_with_curl(sample_data):
    up = UpProcess("--model", "simulated", "--latency", "0.1")
    try:
        up.wait_until_up()
        cast = subprocess.run(
            [sys.executable, "-c", CAST],
            cwd=BASE_DIR,
            env=up.environment | {"DJANGO_SETTINGS_MODULE": "synapse.settings.development"},
            capture_output=True,
            text=True,
            check=True,
        )
        tester, owner, cycle_report = cast.stdout.split()
        walk = subprocess.run(
            ["bash", str(BASE_DIR / "tests/acceptance/curl_path.sh")],
            env=os.environ
            | {
                "ADDRESS": up.address,
                "TESTER": tester,
                "OWNER": owner,
                "CYCLE_REPORT": cycle_report,
                "SPECIFICATION": str(sample_data / "hmda/spec/hmda_lar_specification_for_llm.md"),
                "KEY": "Universal Loan Identifier",
            },
            capture_output=True,
            text=True,
            check=False,
        )
        print(walk.stdout)
        assert walk.returncode == 0, walk.stdout[-3000:] + walk.stderr + up.output()[-3000:]
        assert re.search(r"plan \d+ and scope \d+ are approved", walk.stdout)
        assert len(re.findall(r"^< HTTP/1.1 202", walk.stdout, re.MULTILINE)) == 2
    finally:
        up.clean()
