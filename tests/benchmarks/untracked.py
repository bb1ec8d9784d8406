"""A worker command whose jobs are queue rows and nothing else: the broker and cluster alone."""

import django


def acknowledge(job_id: int, worker) -> str:
    """Do nothing, and delete the queue row as a claim would."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "WITH unhurried AS (SELECT set_config('synchronous_commit', 'off', true)) "
            "DELETE FROM django_q_ormq USING unhurried WHERE payload = %s",
            [str(job_id)],
        )
    return "succeeded"


if __name__ == "__main__":
    django.setup()
    from jobs import execution
    from jobs.cluster.fleet import Fleet

    execution.run_job = acknowledge
    Fleet({"default": 2}).run()
