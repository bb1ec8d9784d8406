"""The planner's view of many calls, whatever earlier tests left in its statistics."""

from django.db import connection

# A vacuumed table of 200,000 calls, of which nearly all were answered.
MANY = """
SELECT pg_restore_relation_stats('schemaname', 'public', 'relname', 'llm_llmcall',
        'relpages', 40000, 'reltuples', 200000::real, 'relallvisible', 40000),
    pg_restore_attribute_stats('schemaname', 'public', 'relname', 'llm_llmcall',
        'attname', 'outcome', 'inherited', false, 'null_frac', 0::real, 'n_distinct', 12::real,
        'most_common_vals', '{ok,lost,rate_limited}',
        'most_common_freqs', '{0.97,0.005,0.005}'::real[])
"""


def pretend_many_calls(*without: str) -> None:
    """Until the end of the transaction, and with these ways of the planner (`sort`) taken away."""
    with connection.cursor() as cursor:
        for way in ("seqscan", "bitmapscan", *without):
            cursor.execute(f"SET LOCAL enable_{way} = off")
        cursor.execute(MANY)
