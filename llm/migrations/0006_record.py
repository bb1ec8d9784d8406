"""What a call's record lacked: schema, what was wrong, chain of re-asks; indexes to read it by."""

from importlib import import_module

import django.contrib.postgres.fields
from django.db import migrations, models

choices = import_module("llm.migrations.0005_choices")

NEW = ("schema_name", "reask_of")
CHANGED = " OR ".join(
    [choices.CHANGED, *(f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in NEW)]
)
FREEZE = choices.FREEZE_CALLS.replace(choices.CHANGED, CHANGED)


class Migration(migrations.Migration):
    dependencies = [
        ("llm", "0005_choices"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="llmcall",
            options={
                "ordering": ["-id"],
                "permissions": [
                    ("view_payload", "Can see what was sent to the model and what it said")
                ],
                "verbose_name": "model call",
            },
        ),
        migrations.AddField(
            model_name="llmcall",
            name="http_status",
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="llmcall",
            name="problems",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.TextField(),
                blank=True,
                db_default=[],
                default=list,
                help_text="Where the answer does not fit the schema, in words.",
                size=None,
            ),
        ),
        migrations.AddField(
            model_name="llmcall",
            name="reask_of",
            field=models.BigIntegerField(
                blank=True, help_text="The attempt whose answer did not fit.", null=True
            ),
        ),
        migrations.AddField(
            model_name="llmcall",
            name="schema_name",
            field=models.CharField(
                db_default="", default="", help_text="Its version is the hash.", max_length=100
            ),
        ),
        migrations.AddIndex(
            model_name="llmcall",
            index=models.Index(fields=["owner_id", "-id"], name="llm_call_owner"),
        ),
        migrations.AddIndex(
            model_name="llmcall",
            index=models.Index(fields=["data_owner", "-id"], name="llm_call_data_owner"),
        ),
        migrations.AddIndex(
            model_name="llmcall",
            index=models.Index(
                fields=["started_at"],
                include=(
                    "operation",
                    "data_owner",
                    "owner_id",
                    "provider",
                    "outcome",
                    "cached",
                    "tokens_in",
                    "tokens_out",
                    "cost",
                    "latency_ms",
                ),
                name="llm_call_cost",
            ),
        ),
        migrations.AddIndex(
            model_name="llmcall",
            index=models.Index(
                models.OrderBy(models.F("cost"), descending=True, nulls_last=True),
                models.OrderBy(models.F("id"), descending=True),
                name="llm_call_dearest",
            ),
        ),
        migrations.AddIndex(
            model_name="llmcall",
            index=models.Index(
                models.OrderBy(models.F("latency_ms"), descending=True, nulls_last=True),
                models.OrderBy(models.F("id"), descending=True),
                name="llm_call_slowest",
            ),
        ),
        migrations.AddIndex(
            model_name="llmcall",
            index=models.Index(
                fields=["provider", "model_asked", "model_returned", "id"], name="llm_call_model"
            ),
        ),
        migrations.RunSQL(FREEZE, choices.FREEZE_CALLS),
    ]
