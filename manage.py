#!/usr/bin/env python
"""Django's command line, with the process kind set before settings are read."""

import os
import sys

# Connections differ by process kind (pool, timeouts, name); `up` names its children itself.
KINDS = {"worker": "worker", "migrate": "migrate"}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "synapse.settings.development")
    command = sys.argv[1] if len(sys.argv) > 1 else ""
    os.environ.setdefault("SYNAPSE_PROCESS", KINDS.get(command, "command"))
    from synapse.common.embedded import serves_itself, start_for_command

    if not serves_itself(command):
        start_for_command(command)
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        if settings.configured:
            raise
        sys.exit(f"The settings can't be read: {error}")


if __name__ == "__main__":
    main()
