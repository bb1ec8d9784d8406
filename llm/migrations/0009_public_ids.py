"""Each call that there was before has a public id too, and the ids are unique.

In small steps that workers can go on beside: no lock lasts longer than one of them, and a run that
was broken off is taken up by the next.
"""

from importlib import import_module

from django.db import migrations, models

columns = import_module("llm.migrations.0008_audit_columns")

ROWS = 5_000
NAME = "UPDATE llm_llmcall SET uuid = DEFAULT WHERE id >= %s AND id < %s AND uuid IS NULL"
UNIQUE = [
    "ALTER TABLE llm_llmcall DROP CONSTRAINT IF EXISTS llm_call_uuid",
    "DROP INDEX CONCURRENTLY IF EXISTS llm_call_uuid",
    "CREATE UNIQUE INDEX CONCURRENTLY llm_call_uuid ON llm_llmcall (uuid)",
    "ALTER TABLE llm_llmcall ADD CONSTRAINT llm_call_uuid UNIQUE USING INDEX llm_call_uuid",
]
NOT_UNIQUE = ["ALTER TABLE llm_llmcall DROP CONSTRAINT IF EXISTS llm_call_uuid"]
MASKED = [
    "DROP INDEX CONCURRENTLY IF EXISTS llm_call_masked",
    "CREATE INDEX CONCURRENTLY llm_call_masked ON llm_llmcall (id) WHERE masked",
]
# A check that was validated spares SET NOT NULL its reading of the table under its lock.
CHECKED = [
    "ALTER TABLE llm_llmcall VALIDATE CONSTRAINT llm_llmcall_queue_ms_check",
    "ALTER TABLE llm_llmcall DROP CONSTRAINT IF EXISTS llm_call_named",
    "ALTER TABLE llm_llmcall ADD CONSTRAINT llm_call_named CHECK (uuid IS NOT NULL) NOT VALID",
    "ALTER TABLE llm_llmcall VALIDATE CONSTRAINT llm_call_named",
    "ALTER TABLE llm_llmcall ALTER COLUMN uuid SET NOT NULL",
    "ALTER TABLE llm_llmcall DROP CONSTRAINT llm_call_named",
]
UNCHECKED = ["ALTER TABLE llm_llmcall ALTER COLUMN uuid DROP NOT NULL"]


def name_calls(apps, editor) -> None:
    """Some ids at a time, each in a transaction of its own."""
    with editor.connection.cursor() as cursor:
        cursor.execute("SELECT min(id), max(id) FROM llm_llmcall WHERE uuid IS NULL")
        first, last = cursor.fetchone()
        for start in range(first, last + 1, ROWS) if first is not None else ():
            cursor.execute(NAME, [start, start + ROWS])


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("llm", "0008_audit_columns"),
    ]

    operations = [
        migrations.RunPython(name_calls, migrations.RunPython.noop),
        migrations.RunSQL(
            UNIQUE,
            NOT_UNIQUE,
            state_operations=[
                migrations.AddConstraint(
                    model_name="llmcall",
                    constraint=models.UniqueConstraint(fields=("uuid",), name="llm_call_uuid"),
                )
            ],
        ),
        migrations.RunSQL(
            MASKED,
            MASKED[:1],
            state_operations=[
                migrations.AddIndex(
                    model_name="llmcall",
                    index=models.Index(
                        condition=models.Q(("masked", True)), fields=["id"], name="llm_call_masked"
                    ),
                )
            ],
        ),
        migrations.RunSQL(CHECKED, UNCHECKED),
        migrations.RunSQL(columns.FREEZE, columns.FREEZE_BUT_NAME),
    ]
