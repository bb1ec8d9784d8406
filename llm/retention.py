"""How long model calls are kept: the trail's trigger lets go of what one function prunes."""

from django.db import connection

from llm import conf

# Calls of one transaction; each holds its prompt and its answer.
CALLS = 1_000


def prune_calls() -> int:
    """Deletes some of the calls that were settled LLM.KEEP_DAYS ago; returns how many.

    The oldest first; 0 once there are no more, or where they are kept for ever.
    """
    days = conf.current().keep_days
    if not days:
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT llm_prune_calls(%s, %s)", [days, CALLS])
        return cursor.fetchone()[0]
