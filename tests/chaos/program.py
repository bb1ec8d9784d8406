"""manage.py whose jobs wait a moment before they are tried again, not a minute.

`CHAOS_RETRY` is in seconds; everything else is as in production.
"""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    import django

    django.setup()
    from django.conf import settings

    settings.JOBS["RETRY_BASE"] = float(os.environ["CHAOS_RETRY"])
    execute_from_command_line(sys.argv)
