"""Indexes that the queue table of Django-Q2 lacks: it scans itself flat without them."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("jobs", "0001_initial"),
        ("django_q", "0019_alter_task_options_alter_ormq_key_alter_ormq_lock_and_more"),
    ]

    operations = [
        migrations.RunSQL(
            "CREATE INDEX jobs_queue_due ON django_q_ormq (key, lock, id)",
            "DROP INDEX jobs_queue_due",
        ),
        # Hash, because payloads that are not ours may be longer than a B-tree entry.
        migrations.RunSQL(
            "CREATE INDEX jobs_queue_payload ON django_q_ormq USING hash (payload)",
            "DROP INDEX jobs_queue_payload",
        ),
    ]
