"""Providers and their order, prompt versions and pins, evaluations, and whose data was sent."""

from importlib import import_module

import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

kept = import_module("llm.migrations.0002_frozen_calls")
pruned = import_module("llm.migrations.0003_pruned_calls")

NEW = ("data_owner", "prompt_scope", "items")
CHANGED = " OR ".join(
    [kept.CHANGED, *(f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in NEW)]
)
FREEZE_CALLS = pruned.FREEZE.replace(kept.CHANGED, CHANGED)
FREEZE_PROMPTS = f"""
CREATE FUNCTION llm_promptversion_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    {kept.REFUSE} 'a prompt version can''t change: calls and evaluations name it';
END $$;
CREATE TRIGGER llm_promptversion_frozen BEFORE UPDATE OR DELETE ON llm_promptversion
    FOR EACH ROW EXECUTE FUNCTION llm_promptversion_frozen();
"""
THAW_PROMPTS = """
DROP TRIGGER llm_promptversion_frozen ON llm_promptversion;
DROP FUNCTION llm_promptversion_frozen();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("llm", "0004_limits"),
    ]

    operations = [
        migrations.CreateModel(
            name="Evaluation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("operation", models.CharField(max_length=100)),
                (
                    "golden",
                    models.CharField(help_text="Name of the file with the cases", max_length=200),
                ),
                ("golden_hash", models.CharField(max_length=64)),
                ("cases", models.PositiveIntegerField()),
                ("provider", models.CharField(max_length=200)),
                ("model", models.CharField(help_text="As returned", max_length=200)),
                ("prompt_version", models.CharField(max_length=40)),
                ("prompt_hash", models.CharField(max_length=64)),
                ("prompt_scope", models.CharField(blank=True, max_length=100)),
                ("schema_hash", models.CharField(max_length=64)),
                ("simulated", models.BooleanField(default=False)),
                (
                    "figures",
                    models.JSONField(
                        help_text="Measure -> found, wanted, right; recall and precision with their intervals"
                    ),
                ),
                ("calls", models.PositiveIntegerField(default=0)),
                ("tokens_in", models.PositiveIntegerField(default=0)),
                ("tokens_out", models.PositiveIntegerField(default=0)),
                ("cost", models.DecimalField(decimal_places=6, default=0, max_digits=14)),
                ("latency_p50_ms", models.PositiveIntegerField(null=True)),
                ("latency_p95_ms", models.PositiveIntegerField(null=True)),
                ("run_by", models.BigIntegerField(blank=True, null=True)),
                ("started_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="Provider",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.SlugField(max_length=40, unique=True)),
                (
                    "base_url",
                    models.URLField(
                        help_text="Up to and with /v1, as its SDK wants it", max_length=300
                    ),
                ),
                (
                    "model",
                    models.CharField(
                        help_text="Pin a dated name where there is one", max_length=200
                    ),
                ),
                (
                    "key_from",
                    models.CharField(
                        blank=True,
                        help_text="Where its key is: env:NAME or file:/path. The key itself is never stored.",
                        max_length=300,
                    ),
                ),
                ("structured", models.CharField(default="json_schema", max_length=20)),
                ("dialect", models.CharField(default="standard", max_length=20)),
                ("timeout", models.FloatField(default=90, help_text="Seconds for an answer")),
                (
                    "connect_timeout",
                    models.FloatField(default=10, help_text="Seconds for a connection"),
                ),
                (
                    "rpm",
                    models.PositiveIntegerField(
                        default=0, help_text="Requests a minute; 0: no limit"
                    ),
                ),
                (
                    "tpm",
                    models.PositiveIntegerField(
                        default=0, help_text="Tokens a minute; 0: no limit"
                    ),
                ),
                (
                    "context_tokens",
                    models.PositiveIntegerField(default=0, help_text="It can read; 0: unknown"),
                ),
                (
                    "output_tokens",
                    models.PositiveIntegerField(default=0, help_text="It can write; 0: unknown"),
                ),
                (
                    "price_in",
                    models.DecimalField(
                        decimal_places=4,
                        default=0,
                        help_text="Of a million tokens read",
                        max_digits=12,
                    ),
                ),
                (
                    "price_out",
                    models.DecimalField(
                        decimal_places=4,
                        default=0,
                        help_text="Of a million tokens written",
                        max_digits=12,
                    ),
                ),
                ("simulated", models.BooleanField(default=False)),
                (
                    "data_note",
                    models.TextField(
                        blank=True,
                        help_text="What it does with what it is sent: retention, training, place",
                    ),
                ),
                ("enabled", models.BooleanField(default=True)),
                ("changed_at", models.DateTimeField(auto_now=True)),
            ],
            options={
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="Route",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "operation",
                    models.CharField(
                        help_text="As <app>.<name>, or * for all that have no own",
                        max_length=100,
                        unique=True,
                    ),
                ),
                (
                    "providers",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40),
                        help_text="Names, in order. The next is asked when one is down.",
                        size=None,
                    ),
                ),
                ("approved_by", models.BigIntegerField(blank=True, null=True)),
                ("approved_at", models.DateTimeField(blank=True, null=True)),
                ("reason", models.CharField(blank=True, max_length=300)),
            ],
        ),
        migrations.AddField(
            model_name="llmcall",
            name="data_owner",
            field=models.CharField(
                db_default="",
                default="",
                help_text="Whose data was sent; never mixed.",
                max_length=60,
            ),
        ),
        migrations.AddField(
            model_name="llmcall",
            name="items",
            field=models.PositiveSmallIntegerField(
                blank=True, help_text="Things asked about in it, if they were counted.", null=True
            ),
        ),
        migrations.AddField(
            model_name="llmcall",
            name="prompt_scope",
            field=models.CharField(
                db_default="",
                default="",
                help_text="Report and schedule it is for.",
                max_length=100,
            ),
        ),
        migrations.CreateModel(
            name="PromptVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("operation", models.CharField(max_length=100)),
                (
                    "scope",
                    models.CharField(
                        blank=True,
                        help_text="Report, or report/schedule; empty: for all",
                        max_length=100,
                    ),
                ),
                ("version", models.CharField(max_length=40)),
                ("hash", models.CharField(help_text="SHA-256 of the file", max_length=64)),
                ("text", models.TextField()),
                ("first_seen_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "ordering": ["operation", "scope", "-first_seen_at"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("operation", "scope", "version"), name="llm_promptversion_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PromptPin",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("operation", models.CharField(max_length=100)),
                ("scope", models.CharField(blank=True, max_length=100)),
                ("pinned_by", models.BigIntegerField(blank=True, null=True)),
                ("pinned_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("reason", models.CharField(blank=True, max_length=300)),
                (
                    "overrides",
                    models.BooleanField(
                        default=False,
                        help_text="Pinned although it was evaluated as worse, for the reason given",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pins",
                        to="llm.promptversion",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("operation", "scope"), name="llm_promptpin_once"
                    )
                ],
            },
        ),
        migrations.RunSQL(FREEZE_CALLS, pruned.FREEZE),
        migrations.RunSQL(FREEZE_PROMPTS, THAW_PROMPTS),
    ]
