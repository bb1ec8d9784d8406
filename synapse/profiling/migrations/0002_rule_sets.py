"""Rule sets and their rules, frozen once they are submitted."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from synapse.common.triggers import freeze_items, freeze_version


class Migration(migrations.Migration):
    dependencies = [
        ("cycles", "0001_initial"),
        ("planning", "0001_initial"),
        ("profiling", "0001_populations"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="RuleSet",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField(editable=False)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("pending", "awaiting approval"),
                            ("approved", "approved"),
                            ("rejected", "rejected"),
                            ("superseded", "superseded"),
                        ],
                        default="draft",
                        editable=False,
                        max_length=12,
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("submitted_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("submission_note", models.TextField(blank=True, editable=False)),
                ("decided_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("decision_note", models.TextField(blank=True, editable=False)),
                ("content_hash", models.CharField(blank=True, editable=False, max_length=64)),
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
                    "decided_by",
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
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="profiling.ruleset",
                    ),
                ),
                (
                    "phase",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="cycles.phase",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rule_sets",
                        to="planning.plan",
                    ),
                ),
                (
                    "population",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rule_sets",
                        to="profiling.population",
                    ),
                ),
                (
                    "submitted_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "rule set",
                "ordering": ["phase", "-number"],
            },
        ),
        migrations.CreateModel(
            name="Rule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("rule_id", models.CharField(max_length=120)),
                ("position", models.PositiveIntegerField(editable=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("not_blank", "not blank"),
                            ("in_set", "in a list"),
                            ("regex", "pattern"),
                            ("range", "range"),
                            ("length", "length"),
                            ("date_format", "date format"),
                            ("compare", "comparison"),
                            ("sum_equals", "sum"),
                            ("if_then", "condition"),
                            ("unique", "unique"),
                            ("constant", "one value in the file"),
                        ],
                        max_length=12,
                    ),
                ),
                ("attributes", models.JSONField(default=list)),
                ("parameters", models.JSONField(blank=True, default=dict)),
                (
                    "severity",
                    models.CharField(
                        choices=[
                            ("low", "low"),
                            ("medium", "medium"),
                            ("high", "high"),
                            ("critical", "critical"),
                        ],
                        default="medium",
                        max_length=8,
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("dictionary", "dictionary"),
                            ("instructions", "instructions"),
                            ("inferred", "inferred"),
                            ("manual", "by hand"),
                            ("model", "drafted by model"),
                        ],
                        default="manual",
                        editable=False,
                        max_length=12,
                    ),
                ),
                ("enabled", models.BooleanField(default=True)),
                ("needs_condition", models.BooleanField(default=False, editable=False)),
                ("is_inferred", models.BooleanField(default=False)),
                ("description", models.TextField(blank=True)),
                ("remark", models.CharField(blank=True, max_length=500)),
                ("evidence", models.JSONField(blank=True, default=dict, editable=False)),
                ("lock_version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "version",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rules",
                        to="profiling.ruleset",
                    ),
                ),
            ],
            options={
                "ordering": ["version", "position", "pk"],
            },
        ),
        migrations.AddConstraint(
            model_name="ruleset",
            constraint=models.UniqueConstraint(
                fields=("phase", "number"), name="profiling_ruleset_number"
            ),
        ),
        migrations.AddConstraint(
            model_name="ruleset",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status", "approved")),
                fields=("phase",),
                name="profiling_ruleset_approved",
            ),
        ),
        migrations.AddConstraint(
            model_name="ruleset",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status__in", ("draft", "pending"))),
                fields=("phase",),
                name="profiling_ruleset_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="ruleset",
            constraint=models.CheckConstraint(
                condition=models.Q(("number__gt", 0)), name="profiling_ruleset_number_positive"
            ),
        ),
        migrations.AddConstraint(
            model_name="ruleset",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("decided_by__isnull", True),
                    models.Q(("decided_by", models.F("submitted_by")), _negated=True),
                    _connector="OR",
                ),
                name="profiling_ruleset_four_eyes",
            ),
        ),
        migrations.AddConstraint(
            model_name="ruleset",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("status", "draft"),
                    models.Q(("submitted_at__isnull", False), ("submitted_by__isnull", False)),
                    _connector="OR",
                ),
                name="profiling_ruleset_submitted",
            ),
        ),
        migrations.AddConstraint(
            model_name="ruleset",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("decided_at__isnull", True),
                        ("decided_by__isnull", True),
                        ("status__in", ("draft", "pending")),
                    ),
                    models.Q(
                        ("decided_at__isnull", False),
                        ("decided_by__isnull", False),
                        ("status__in", ("approved", "rejected", "superseded")),
                    ),
                    _connector="OR",
                ),
                name="profiling_ruleset_decided",
            ),
        ),
        migrations.AddConstraint(
            model_name="ruleset",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status__in", ("approved", "superseded")), _negated=True),
                    ("content_hash__regex", "^[0-9a-f]{64}$"),
                    _connector="OR",
                ),
                name="profiling_ruleset_sealed",
            ),
        ),
        migrations.AddIndex(
            model_name="rule",
            index=models.Index(fields=["version", "position", "id"], name="profiling_rule_order"),
        ),
        migrations.AddConstraint(
            model_name="rule",
            constraint=models.UniqueConstraint(
                fields=("version", "rule_id"), name="profiling_rule_id"
            ),
        ),
        migrations.AddConstraint(
            model_name="rule",
            constraint=models.CheckConstraint(
                condition=models.Q(("rule_id", ""), _negated=True), name="profiling_rule_named"
            ),
        ),
        migrations.AddConstraint(
            model_name="rule",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "not_blank",
                            "in_set",
                            "regex",
                            "range",
                            "length",
                            "date_format",
                            "compare",
                            "sum_equals",
                            "if_then",
                            "unique",
                            "constant",
                        ],
                    )
                ),
                name="profiling_rule_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="rule",
            constraint=models.CheckConstraint(
                condition=models.Q(("severity__in", ["low", "medium", "high", "critical"])),
                name="profiling_rule_severity",
            ),
        ),
        freeze_version("profiling_ruleset"),
        freeze_items("profiling_rule", "profiling_ruleset", "version_id"),
    ]
