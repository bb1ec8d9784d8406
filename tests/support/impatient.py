"""manage.py whose sentinel and wardens lose their patience as soon as the environment says."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    import django

    django.setup()
    from jobs import warden
    from jobs.cluster import seat

    for module, name in ((seat, "FROZEN_SECONDS"), (warden, "UNWIND_SECONDS")):
        if f"JOBS_TEST_{name}" in os.environ:
            setattr(module, name, float(os.environ[f"JOBS_TEST_{name}"]))
    execute_from_command_line(sys.argv)
