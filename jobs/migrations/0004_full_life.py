"""Pause, live queue settings, periodic work, saved filters, running totals, unread marks."""

import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.datetime
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("contenttypes", "0002_remove_content_type_name"),
        ("jobs", "0003_running_index"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="JobQueue",
            fields=[
                ("name", models.CharField(max_length=32, primary_key=True, serialize=False)),
                (
                    "workers",
                    models.PositiveSmallIntegerField(
                        help_text="Worker processes of each host that serves it; empty: as started",
                        null=True,
                    ),
                ),
                (
                    "paused_at",
                    models.DateTimeField(help_text="Since when no job of it is started", null=True),
                ),
                (
                    "changed_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        default=django.utils.timezone.now,
                    ),
                ),
                ("reason", models.CharField(db_default="", default="", max_length=300)),
            ],
        ),
        migrations.CreateModel(
            name="PeriodicSlot",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("due_at", models.DateTimeField()),
                ("note", models.CharField(db_default="", default="", max_length=300)),
            ],
            options={
                "ordering": ["-due_at"],
            },
        ),
        migrations.CreateModel(
            name="PeriodicTask",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("task", models.CharField(max_length=100, unique=True)),
                (
                    "schedule",
                    models.CharField(
                        help_text="Minute, hour, day, month, weekday (UTC)", max_length=100
                    ),
                ),
                (
                    "declared_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        default=django.utils.timezone.now,
                    ),
                ),
                (
                    "stopped_at",
                    models.DateTimeField(
                        help_text="Since when staff have switched it off", null=True
                    ),
                ),
                (
                    "problem",
                    models.TextField(
                        db_default="", default="", help_text="Why its last slot failed"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SavedFilter",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=60)),
                (
                    "query",
                    models.CharField(
                        help_text="The filters as they stand in the address", max_length=500
                    ),
                ),
            ],
            options={
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="Tally",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("figure", models.CharField(max_length=32)),
                ("queue", models.CharField(db_default="", default="", max_length=32)),
                ("task", models.CharField(db_default="", default="", max_length=100)),
                ("outcome", models.CharField(db_default="", default="", max_length=20)),
                (
                    "bucket",
                    models.FloatField(db_default=0, default=0, help_text="Upper end, in seconds"),
                ),
                ("count", models.BigIntegerField(db_default=0, default=0)),
                (
                    "seconds",
                    models.FloatField(
                        db_default=0, default=0, help_text="Sum of what was measured"
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="job",
            name="pause_requested_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="job",
            name="seen_at",
            field=models.DateTimeField(
                help_text="When its owner looked at how it ended", null=True
            ),
        ),
        migrations.AddField(
            model_name="worker",
            name="memory_kb",
            field=models.PositiveBigIntegerField(help_text="Resident, at the last beat", null=True),
        ),
        migrations.AddIndex(
            model_name="job",
            index=models.Index(
                condition=models.Q(
                    ("owner__isnull", False),
                    ("seen_at__isnull", True),
                    ("status__in", ["succeeded", "failed", "cancelled"]),
                ),
                fields=["owner"],
                name="jobs_job_unseen",
            ),
        ),
        migrations.AddIndex(
            model_name="job",
            index=models.Index(
                condition=models.Q(("finished_at__isnull", False)),
                fields=["finished_at"],
                name="jobs_job_ended",
            ),
        ),
        migrations.AddIndex(
            model_name="jobevent",
            index=django.contrib.postgres.indexes.BrinIndex(
                autosummarize=True, fields=["at"], name="jobs_jobevent_at"
            ),
        ),
        migrations.AddField(
            model_name="jobqueue",
            name="changed_by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="periodicslot",
            name="job",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="jobs.job",
            ),
        ),
        migrations.AddField(
            model_name="periodicslot",
            name="task",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="slots",
                to="jobs.periodictask",
            ),
        ),
        migrations.AddField(
            model_name="savedfilter",
            name="owner",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="tally",
            constraint=models.UniqueConstraint(
                fields=("figure", "queue", "task", "outcome", "bucket"), name="jobs_tally_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="periodicslot",
            constraint=models.UniqueConstraint(
                fields=("task", "due_at"), name="jobs_periodicslot_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="savedfilter",
            constraint=models.UniqueConstraint(
                fields=("owner", "name"), name="jobs_savedfilter_name"
            ),
        ),
        # What ended before there was a mark is not news.
        migrations.RunSQL(
            "UPDATE jobs_job SET seen_at = finished_at WHERE finished_at IS NOT NULL",
            migrations.RunSQL.noop,
        ),
    ]
