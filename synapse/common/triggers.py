"""Migration operations that make PostgreSQL itself refuse what no code path may do."""

from django.db.migrations import RunSQL

# restrict_violation (23001) reaches Django as IntegrityError, and the API as 409 `frozen`.
REFUSE = "RAISE EXCEPTION USING ERRCODE = 'restrict_violation', MESSAGE = "


def append_only(table: str) -> RunSQL:
    """Rows of the table can be inserted and read, never updated, deleted or truncated."""
    name = f"{table}_append_only"
    return RunSQL(
        f"""
        CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            {REFUSE} format('{table} is append-only: %s is refused', TG_OP);
        END $$;
        CREATE TRIGGER {name} BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION {name}();
        """,
        f"DROP TRIGGER {name} ON {table}; DROP FUNCTION {name}();",
    )


def freeze_items(
    items_table: str,
    version_table: str,
    fk_column: str,
    *,
    through: tuple[str, str] | None = None,
) -> RunSQL:
    """Items change only while their version is a draft.

    `through=(table, column)` is for rows that hang on an item: `fk_column` then leads to `table`,
    and its `column` to the version. The version row is share-locked, so that a submit waits for
    edits in flight and an edit that comes later sees the new status.
    """
    name = f"{items_table}_frozen"

    def guard(row: str) -> str:
        owner = f"{row}.{fk_column}"
        if through:
            owner = f"(SELECT t.{through[1]} FROM {through[0]} t WHERE t.id = {owner})"  # noqa: S608  names from migrations
        return f"""
            SELECT v.status INTO found FROM {version_table} v WHERE v.id = {owner} FOR SHARE;
            IF found IS NOT NULL AND found <> 'draft' THEN
                {REFUSE} format(
                    '{items_table}: the version is %s, its items can''t change', found);
            END IF;"""  # noqa: S608  names from migrations

    return RunSQL(
        f"""
        CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE found text;
        BEGIN
            IF TG_OP = 'TRUNCATE' THEN
                {REFUSE} '{items_table} can''t be truncated';
            END IF;
            IF TG_OP <> 'INSERT' THEN {guard("OLD")}
            END IF;
            IF TG_OP <> 'DELETE' THEN {guard("NEW")}
                RETURN NEW;
            END IF;
            RETURN OLD;
        END $$;
        CREATE TRIGGER {name} BEFORE INSERT OR UPDATE OR DELETE ON {items_table}
            FOR EACH ROW EXECUTE FUNCTION {name}();
        CREATE TRIGGER {name}_truncate BEFORE TRUNCATE ON {items_table}
            FOR EACH STATEMENT EXECUTE FUNCTION {name}();
        """,
        f"""
        DROP TRIGGER {name} ON {items_table}; DROP TRIGGER {name}_truncate ON {items_table};
        DROP FUNCTION {name}();
        """,
    )


def freeze_version(version_table: str) -> RunSQL:
    """A version is born a draft, moves only as the machine allows, and keeps what was decided."""
    name = f"{version_table}_moves"
    decision = (
        "'{status,submitted_by_id,submitted_at,submission_note,"
        "decided_by_id,decided_at,decision_note,content_hash}'::text[]"
    )
    return RunSQL(
        f"""
        CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'TRUNCATE' THEN
                {REFUSE} '{version_table} can''t be truncated';
            ELSIF TG_OP = 'INSERT' THEN
                IF NEW.status <> 'draft' THEN
                    {REFUSE} '{version_table}: a version begins as a draft';
                END IF;
                RETURN NEW;
            ELSIF TG_OP = 'DELETE' THEN
                IF OLD.status <> 'draft' THEN
                    {REFUSE} format('{version_table}: a version that is %s stays', OLD.status);
                END IF;
                RETURN OLD;
            END IF;
            IF OLD.status <> NEW.status AND (OLD.status || '>' || NEW.status) NOT IN (
                'draft>pending', 'pending>approved', 'pending>rejected', 'pending>draft',
                'approved>superseded') THEN
                {REFUSE} format(
                    '{version_table}: no move from %s to %s', OLD.status, NEW.status);
            END IF;
            IF OLD.status = 'pending'
                AND to_jsonb(OLD) - {decision} <> to_jsonb(NEW) - {decision} THEN
                {REFUSE} '{version_table}: a submitted version can''t change';
            ELSIF OLD.status IN ('approved', 'rejected', 'superseded')
                AND to_jsonb(OLD) - 'status' <> to_jsonb(NEW) - 'status' THEN
                {REFUSE} format('{version_table}: a version that is %s can''t change', OLD.status);
            END IF;
            RETURN NEW;
        END $$;
        CREATE TRIGGER {name} BEFORE INSERT OR UPDATE OR DELETE ON {version_table}
            FOR EACH ROW EXECUTE FUNCTION {name}();
        CREATE TRIGGER {name}_truncate BEFORE TRUNCATE ON {version_table}
            FOR EACH STATEMENT EXECUTE FUNCTION {name}();
        """,
        f"""
        DROP TRIGGER {name} ON {version_table}; DROP TRIGGER {name}_truncate ON {version_table};
        DROP FUNCTION {name}();
        """,
    )


def freeze_finished(table: str, column: str, children: tuple[tuple[str, str], ...] = ()) -> RunSQL:
    """A row whose `column` is set stays as it is, and so do the rows that hang on it.

    `children` are (table, foreign key column). The owner is share-locked, so that finishing waits
    for writes in flight and a write that comes later sees it finished.
    """
    forward, backward = [], []
    for child, fk in ((table, ""), *children):
        name = f"{child}_finished"
        guard = _finished_child(child, table, fk, column) if fk else _finished(table, column)
        forward.append(f"""
        CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE found {table}.{column}%TYPE;
        BEGIN
            IF TG_OP = 'TRUNCATE' THEN
                {REFUSE} '{child} can''t be truncated';
            END IF;
            {guard}
            RETURN COALESCE(NEW, OLD);
        END $$;
        CREATE TRIGGER {name} BEFORE {"INSERT OR " if fk else ""}UPDATE OR DELETE ON {child}
            FOR EACH ROW EXECUTE FUNCTION {name}();
        CREATE TRIGGER {name}_truncate BEFORE TRUNCATE ON {child}
            FOR EACH STATEMENT EXECUTE FUNCTION {name}();""")
        backward.append(f"""
        DROP TRIGGER {name} ON {child}; DROP TRIGGER {name}_truncate ON {child};
        DROP FUNCTION {name}();""")
    return RunSQL("".join(forward), "".join(backward))


def _finished(table: str, column: str) -> str:
    return f"""
            IF OLD.{column} IS NOT NULL THEN
                {REFUSE} '{table}: what is finished can''t change';
            END IF;"""


def _finished_child(child: str, table: str, fk: str, column: str) -> str:
    checks = [
        f"""
            IF TG_OP <> '{other}' THEN
                SELECT v.{column} INTO found FROM {table} v WHERE v.id = {row}.{fk} FOR SHARE;
                IF found IS NOT NULL THEN
                    {REFUSE} '{child}: what it belongs to is finished and can''t change';
                END IF;
            END IF;"""  # noqa: S608  names from migrations
        for row, other in (("OLD", "INSERT"), ("NEW", "DELETE"))
    ]
    return "".join(checks)
