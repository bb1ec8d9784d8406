"""manage.py on a machine whose clock is wrong by TEST_CLOCK_OFF seconds."""

import os
import sys
from datetime import UTC, datetime, timedelta

import time_machine
from django.core.management import execute_from_command_line

if __name__ == "__main__":
    off = timedelta(seconds=float(os.environ["TEST_CLOCK_OFF"]))
    time_machine.travel(datetime.now(UTC) + off, tick=True).start()
    execute_from_command_line(sys.argv)
