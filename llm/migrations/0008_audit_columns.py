"""A call's public id, whether anything was masked in it, and how long it waited.

No row is rewritten here: the calls that there are get their public ids in the next migration.
"""

from importlib import import_module
from uuid import uuid4

from django.contrib.postgres.functions import RandomUUID
from django.db import migrations, models

record = import_module("llm.migrations.0006_record")

NEW = ("uuid", "masked")
CHANGED = " OR ".join(
    [record.CHANGED, *(f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in NEW)]
)
FREEZE = record.FREEZE.replace(record.CHANGED, CHANGED)
# Whatever else the statement would change stays as it was.
NAME = """
    IF TG_OP = 'UPDATE' AND OLD.uuid IS NULL AND NEW.uuid IS NOT NULL THEN
        OLD.uuid := NEW.uuid;
        RETURN OLD;
    END IF;
"""
FREEZE_BUT_NAME = FREEZE.replace("\nBEGIN\n", f"\nBEGIN\n{NAME.lstrip()}", 1)
# A default that is set later does not rewrite the table, nor does a check that isn't valid yet
# read it.
COLUMNS = """
ALTER TABLE llm_llmcall ADD COLUMN uuid uuid, ADD COLUMN masked boolean,
    ADD COLUMN queue_ms integer;
ALTER TABLE llm_llmcall ALTER COLUMN uuid SET DEFAULT gen_random_uuid(),
    ADD CONSTRAINT llm_llmcall_queue_ms_check CHECK (queue_ms >= 0) NOT VALID;
"""
NO_COLUMNS = """
ALTER TABLE llm_llmcall DROP COLUMN uuid, DROP COLUMN masked, DROP COLUMN queue_ms;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("llm", "0007_unanswered"),
    ]

    operations = [
        migrations.RunSQL(
            COLUMNS,
            NO_COLUMNS,
            state_operations=[
                migrations.AddField(
                    model_name="llmcall",
                    name="uuid",
                    field=models.UUIDField(
                        db_default=RandomUUID(),
                        default=uuid4,
                        editable=False,
                        help_text="Names the call in REST and in logs.",
                        verbose_name="public id",
                    ),
                ),
                migrations.AddField(
                    model_name="llmcall",
                    name="masked",
                    field=models.BooleanField(
                        blank=True,
                        help_text="Whether numbers of persons or their accounts were masked in "
                        "what was sent.",
                        null=True,
                    ),
                ),
                migrations.AddField(
                    model_name="llmcall",
                    name="queue_ms",
                    field=models.PositiveIntegerField(
                        blank=True,
                        help_text="From wanting to ask, or the attempt before, until it was sent "
                        "or answered from the cache.",
                        null=True,
                    ),
                ),
            ],
        ),
        migrations.RunSQL(FREEZE_BUT_NAME, record.FREEZE),
    ]
