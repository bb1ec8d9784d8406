"""Says what is wrong and how to mend it."""

import sys

from django.core.management.base import BaseCommand

from synapse.common.diagnosis import examine


class Command(BaseCommand):
    help = "Look at database, migrations, workers, queues and model; exit code 1 if one is unwell."
    requires_system_checks = []

    def handle(self, **options):
        unwell = 0
        for finding in examine():
            mark = self.style.SUCCESS("ok  ") if finding.well else self.style.ERROR("BAD ")
            self.stdout.write(f"{mark} {finding.subject}: {finding.message}")
            if finding.mend:
                self.stdout.write(f"     {finding.mend}")
            unwell += not finding.well
        self.stdout.write(f"{unwell} of these need mending." if unwell else "All is well.")
        if unwell:
            sys.exit(1)
