"""PostgreSQL refuses to change a settled call, to touch what was asked, and to delete any."""

from django.db import migrations

ASKED = [
    "operation",
    "prompt_version",
    "prompt_hash",
    "schema_hash",
    "cache_key",
    "provider",
    "model_asked",
    "parameters",
    "request",
    "attempt",
    "cached",
    "cached_from",
    "job_id",
    "item_key",
    "owner_id",
    "started_at",
    "deadline",
]
CHANGED = " OR ".join(f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in ASKED)
REFUSE = "RAISE EXCEPTION USING ERRCODE = 'restrict_violation', MESSAGE = "

FREEZE = f"""
CREATE OR REPLACE FUNCTION llm_llmcall_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'UPDATE' THEN
        {REFUSE} format('model calls are kept: %s is refused', TG_OP);
    ELSIF OLD.settled_at IS NOT NULL THEN
        {REFUSE} 'a settled model call can''t change';
    ELSIF {CHANGED} THEN
        {REFUSE} 'what was asked of the model can''t change';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER llm_llmcall_frozen BEFORE UPDATE OR DELETE ON llm_llmcall
    FOR EACH ROW EXECUTE FUNCTION llm_llmcall_frozen();
CREATE TRIGGER llm_llmcall_kept BEFORE TRUNCATE ON llm_llmcall
    FOR EACH STATEMENT EXECUTE FUNCTION llm_llmcall_frozen();
"""
THAW = """
DROP TRIGGER llm_llmcall_frozen ON llm_llmcall;
DROP TRIGGER llm_llmcall_kept ON llm_llmcall;
DROP FUNCTION llm_llmcall_frozen();
"""


class Migration(migrations.Migration):
    dependencies = [("llm", "0001_initial")]

    operations = [migrations.RunSQL(FREEZE, THAW)]
