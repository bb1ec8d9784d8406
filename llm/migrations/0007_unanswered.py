"""Calls without an answer are found without looking at those with one."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("llm", "0006_record"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="llmcall",
            index=models.Index(
                condition=models.Q(("outcome", "ok"), _negated=True),
                fields=["id"],
                include=("outcome", "cached", "started_at"),
                name="llm_call_unanswered",
            ),
        ),
    ]
