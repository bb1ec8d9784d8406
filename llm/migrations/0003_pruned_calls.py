"""Model calls settled long ago may be deleted, by one function and in no other way."""

from importlib import import_module

from django.db import migrations

kept = import_module("llm.migrations.0002_frozen_calls")

# Whoever names the function by mistake deletes nothing that is younger than this.
YOUNGEST = "interval '1 day'"

FREEZE = f"""
CREATE OR REPLACE FUNCTION llm_llmcall_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE pruned_before timestamptz;
BEGIN
    IF TG_OP = 'DELETE' THEN
        pruned_before := NULLIF(current_setting('llm.pruned_before', true), '')::timestamptz;
        IF OLD.settled_at < pruned_before AND OLD.settled_at < now() - {YOUNGEST} THEN
            RETURN OLD;
        END IF;
    END IF;
    IF TG_OP <> 'UPDATE' THEN
        {kept.REFUSE} format('model calls are kept: %s is refused', TG_OP);
    ELSIF OLD.settled_at IS NOT NULL THEN
        {kept.REFUSE} 'a settled model call can''t change';
    ELSIF {kept.CHANGED} THEN
        {kept.REFUSE} 'what was asked of the model can''t change';
    END IF;
    RETURN NEW;
END $$;
"""
# Ids follow the time, so the oldest calls are the first ones, and no other is looked at.
PRUNE = """
CREATE FUNCTION llm_prune_calls(days integer, most integer) RETURNS integer
LANGUAGE plpgsql AS $$
DECLARE
    before timestamptz := now() - days * interval '1 day';
    pruned integer;
BEGIN
    PERFORM set_config('llm.pruned_before', before::text, true);
    DELETE FROM llm_llmcall WHERE id IN (
        SELECT id FROM (
            SELECT id, settled_at FROM llm_llmcall ORDER BY id LIMIT most
        ) AS first WHERE settled_at < before
    );
    GET DIAGNOSTICS pruned = ROW_COUNT;
    PERFORM set_config('llm.pruned_before', '', true);
    RETURN pruned;
END $$;
"""
UNDO = f"""
DROP FUNCTION llm_prune_calls(integer, integer);
{kept.FREEZE[: kept.FREEZE.index("CREATE TRIGGER")]}
"""


class Migration(migrations.Migration):
    dependencies = [("llm", "0002_frozen_calls")]

    operations = [migrations.RunSQL(FREEZE + PRUNE, UNDO)]
