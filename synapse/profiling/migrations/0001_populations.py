"""Populations, frozen once they are imported."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import synapse.profiling.models.populations
from synapse.common.triggers import freeze_finished


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("cycles", "0001_initial"),
        ("planning", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Population",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(editable=False, max_length=200)),
                ("size", models.PositiveBigIntegerField(editable=False)),
                ("fingerprint", models.CharField(blank=True, editable=False, max_length=200)),
                (
                    "file",
                    models.FileField(
                        blank=True,
                        editable=False,
                        max_length=300,
                        upload_to=synapse.profiling.models.populations.source_path,
                    ),
                ),
                ("sha256", models.CharField(blank=True, editable=False, max_length=64)),
                ("reading", models.JSONField(blank=True, default=dict, editable=False)),
                ("columns", models.JSONField(blank=True, default=list, editable=False)),
                ("parts", models.JSONField(blank=True, default=list, editable=False)),
                ("row_count", models.PositiveBigIntegerField(default=0, editable=False)),
                ("rejected_count", models.PositiveBigIntegerField(default=0, editable=False)),
                ("content_sha256", models.CharField(blank=True, editable=False, max_length=64)),
                ("uploaded_at", models.DateTimeField(auto_now_add=True)),
                ("confirmed_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("imported_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("lock_version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "cycle_report",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="populations",
                        to="cycles.cyclereport",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="populations",
                        to="planning.plan",
                    ),
                ),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="PopulationPart",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=60)),
                ("file", models.CharField(max_length=300)),
                ("row_count", models.PositiveBigIntegerField()),
                ("rejected_count", models.PositiveBigIntegerField()),
                ("facts", models.JSONField(default=dict)),
                (
                    "population",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="imported_parts",
                        to="profiling.population",
                    ),
                ),
            ],
            options={
                "ordering": ["population", "key"],
            },
        ),
        migrations.CreateModel(
            name="RejectedRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("record_no", models.PositiveBigIntegerField()),
                ("line_no", models.PositiveBigIntegerField()),
                ("code", models.CharField(max_length=40)),
                ("reason", models.CharField(max_length=500)),
                ("text", models.CharField(blank=True, max_length=2000)),
                (
                    "population",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rejected_rows",
                        to="profiling.population",
                    ),
                ),
            ],
            options={
                "ordering": ["population", "record_no"],
            },
        ),
        migrations.CreateModel(
            name="UploadPart",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("size", models.PositiveIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                (
                    "population",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="upload_parts",
                        to="profiling.population",
                    ),
                ),
            ],
            options={
                "ordering": ["population", "number"],
            },
        ),
        migrations.AddIndex(
            model_name="population",
            index=models.Index(
                fields=["cycle_report", "imported_at"], name="profiling_population_newest"
            ),
        ),
        migrations.AddConstraint(
            model_name="population",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("imported_at__isnull", True),
                    models.Q(
                        ("confirmed_at__isnull", False),
                        ("content_sha256__regex", "^[0-9a-f]{64}$"),
                        ("sha256__regex", "^[0-9a-f]{64}$"),
                        models.Q(("file", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="profiling_population_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="populationpart",
            constraint=models.UniqueConstraint(
                fields=("population", "key"), name="profiling_part_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="rejectedrow",
            constraint=models.UniqueConstraint(
                fields=("population", "record_no"), name="profiling_rejectedrow_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="uploadpart",
            constraint=models.UniqueConstraint(
                fields=("population", "number"), name="profiling_uploadpart_once"
            ),
        ),
        freeze_finished(
            "profiling_population",
            "imported_at",
            (
                ("profiling_uploadpart", "population_id"),
                ("profiling_populationpart", "population_id"),
                ("profiling_rejectedrow", "population_id"),
            ),
        ),
    ]
