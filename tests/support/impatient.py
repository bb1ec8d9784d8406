"""manage.py with a sentinel that takes a silent pusher or monitor for frozen sooner."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    import django

    django.setup()
    from jobs.cluster import seat

    seat.FROZEN_SECONDS = float(os.environ["JOBS_TEST_FROZEN_SECONDS"])
    execute_from_command_line(sys.argv)
