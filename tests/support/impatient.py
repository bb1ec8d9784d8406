"""manage.py whose supervisors, wardens and pollers have the patience that the environment says."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    import django

    django.setup()
    from jobs import broker, registry, warden
    from jobs.cluster import fleet, pusher, seat

    patience = (
        (seat, "FROZEN_SECONDS"),
        (fleet, "LOOK_SECONDS"),
        (warden, "UNWIND_SECONDS"),
        (broker, "POLL_SECONDS"),
        (pusher, "POLL_SECONDS"),
    )
    for module, name in patience:
        if f"JOBS_TEST_{name}" in os.environ:
            setattr(module, name, float(os.environ[f"JOBS_TEST_{name}"]))
    for forgotten in os.environ.get("JOBS_TEST_FORGETS", "").split():
        registry.forget(forgotten)
    execute_from_command_line(sys.argv)
