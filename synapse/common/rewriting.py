"""Stores fields of many rows that are there already, each row with values of its own."""

from collections.abc import Iterable, Sequence

from django.db import connection, models

# PostgreSQL takes 65,535 values a statement.
ROWS_AT_ONCE = 500


def rewrite(rows: Sequence[models.Model], fields: Iterable[str]) -> None:
    """Writes these fields of rows of one model, in one statement for 500 rows.

    What `bulk_update` does, at a tenth of its time: that one resolves an expression for each
    field of each row, and holds the interpreter meanwhile. Rows that are gone stay gone.
    """
    if not rows:
        return
    meta = rows[0]._meta
    written = [meta.get_field(name) for name in fields]
    columns = [meta.pk, *written]
    casts = [f"%s::{_type(field)}" for field in columns]
    names = [connection.ops.quote_name(field.column) for field in columns]
    sets = ", ".join(f"{name} = new.{name}" for name in names[1:])
    table = connection.ops.quote_name(meta.db_table)
    with connection.cursor() as cursor:
        for first in range(0, len(rows), ROWS_AT_ONCE):
            batch = rows[first : first + ROWS_AT_ONCE]
            values = ", ".join([f"({', '.join(casts)})"] * len(batch))
            cursor.execute(
                f"UPDATE {table} AS old SET {sets} "  # noqa: S608  names of our own models
                f"FROM (VALUES {values}) AS new ({', '.join(names)}) "
                f"WHERE old.{names[0]} = new.{names[0]}",
                [_stored(field, row) for row in batch for field in columns],
            )


def _type(field: models.Field) -> str:
    # A cast to varchar(n) would cut off silently what an assignment refuses.
    return "text" if isinstance(field, models.CharField) else field.cast_db_type(connection)


def _stored(field: models.Field, row: models.Model):
    return field.get_db_prep_save(getattr(row, field.attname), connection)
