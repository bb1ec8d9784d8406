"""Profiles, their results and measures; all of it frozen once a profile is finished."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from synapse.common.triggers import freeze_finished


class Migration(migrations.Migration):
    dependencies = [
        ("cycles", "0001_initial"),
        ("planning", "0001_initial"),
        ("profiling", "0002_rule_sets"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Profile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField(editable=False)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("finished_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("record_count", models.PositiveBigIntegerField(default=0, editable=False)),
                ("rules_run", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "failing_records",
                    models.PositiveBigIntegerField(blank=True, editable=False, null=True),
                ),
                (
                    "quality",
                    models.DecimalField(
                        blank=True, decimal_places=2, editable=False, max_digits=5, null=True
                    ),
                ),
                ("failure_files", models.JSONField(blank=True, default=list, editable=False)),
                (
                    "created_by",
                    models.ForeignKey(
                        editable=False,
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
                        related_name="profiles",
                        to="cycles.cyclereport",
                    ),
                ),
                (
                    "population",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="profiles",
                        to="profiling.population",
                    ),
                ),
                (
                    "rule_set",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="profiles",
                        to="profiling.ruleset",
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="AttributeProfile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveIntegerField(editable=False)),
                ("column", models.CharField(editable=False, max_length=520)),
                ("rows", models.PositiveBigIntegerField(editable=False)),
                ("blank", models.PositiveBigIntegerField(editable=False)),
                ("unreadable", models.PositiveBigIntegerField(default=0, editable=False)),
                ("distinct", models.PositiveBigIntegerField(editable=False)),
                ("minimum", models.TextField(blank=True, editable=False)),
                ("maximum", models.TextField(blank=True, editable=False)),
                ("quantiles", models.JSONField(blank=True, default=dict, editable=False)),
                ("top_values", models.JSONField(blank=True, default=list, editable=False)),
                ("shortest", models.PositiveBigIntegerField(blank=True, editable=False, null=True)),
                ("longest", models.PositiveBigIntegerField(blank=True, editable=False, null=True)),
                (
                    "quality",
                    models.DecimalField(
                        blank=True, decimal_places=2, editable=False, max_digits=5, null=True
                    ),
                ),
                (
                    "attribute",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="planning.attribute",
                    ),
                ),
                (
                    "profile",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="attribute_profiles",
                        to="profiling.profile",
                    ),
                ),
            ],
            options={
                "ordering": ["profile", "position"],
            },
        ),
        migrations.CreateModel(
            name="RuleResult",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("checked", models.PositiveBigIntegerField(default=0, editable=False)),
                ("failed", models.PositiveBigIntegerField(default=0, editable=False)),
                ("not_applicable", models.PositiveBigIntegerField(default=0, editable=False)),
                ("error", models.PositiveBigIntegerField(default=0, editable=False)),
                (
                    "status",
                    models.CharField(
                        choices=[("run", "run"), ("error", "could not be run")],
                        default="run",
                        editable=False,
                        max_length=8,
                    ),
                ),
                ("message", models.CharField(blank=True, editable=False, max_length=500)),
                (
                    "profile",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="results",
                        to="profiling.profile",
                    ),
                ),
                (
                    "rule",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="results",
                        to="profiling.rule",
                    ),
                ),
            ],
            options={
                "ordering": ["profile", "rule__position", "pk"],
            },
        ),
        migrations.AddIndex(
            model_name="profile",
            index=models.Index(
                fields=["cycle_report", "finished_at"], name="profiling_profile_newest"
            ),
        ),
        migrations.AddConstraint(
            model_name="profile",
            constraint=models.UniqueConstraint(
                fields=("cycle_report", "number"), name="profiling_profile_number"
            ),
        ),
        migrations.AddConstraint(
            model_name="profile",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("quality__isnull", True), ("quality__range", (0, 100)), _connector="OR"
                ),
                name="profiling_profile_quality",
            ),
        ),
        migrations.AddConstraint(
            model_name="profile",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("finished_at__isnull", True),
                    ("failing_records__isnull", False),
                    _connector="OR",
                ),
                name="profiling_profile_counted",
            ),
        ),
        migrations.AddConstraint(
            model_name="attributeprofile",
            constraint=models.UniqueConstraint(
                fields=("profile", "position"), name="profiling_attributeprofile_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="attributeprofile",
            constraint=models.CheckConstraint(
                condition=models.Q(("blank__lte", models.F("rows"))),
                name="profiling_attributeprofile_blank",
            ),
        ),
        migrations.AddConstraint(
            model_name="ruleresult",
            constraint=models.UniqueConstraint(
                fields=("profile", "rule"), name="profiling_result_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="ruleresult",
            constraint=models.CheckConstraint(
                condition=models.Q(("failed__lte", models.F("checked"))),
                name="profiling_result_failed",
            ),
        ),
        freeze_finished(
            "profiling_profile",
            "finished_at",
            (
                ("profiling_ruleresult", "profile_id"),
                ("profiling_attributeprofile", "profile_id"),
            ),
        ),
    ]
