"""How a record is named: its canonical key, the key people read, and its place in seeded order."""

from synapse.sampling.selection.engine import stripped, text

_SEPARATOR = "chr(31)"


def identity_sql(key_columns: tuple[str, ...]) -> str:
    """The canonical key; a record without any key value is only itself."""
    own = "'#' || record_no"
    if not key_columns:
        return own
    blank = " AND ".join(f"{stripped(column)} IS NULL" for column in key_columns)
    return f"CASE WHEN {blank} THEN {own} ELSE {_joined(key_columns, _SEPARATOR)} END"


def key_sql(key_columns: tuple[str, ...]) -> str:
    """The key as people read and type it: values joined by |, else the record number."""
    own = "record_no::VARCHAR"
    if not key_columns:
        return own
    blank = " AND ".join(f"{stripped(column)} IS NULL" for column in key_columns)
    return f"CASE WHEN {blank} THEN {own} ELSE {_joined(key_columns, text('|'))} END"


def order_sql(seed: int, population_hash: str, identity: str = "identity") -> str:
    """SHA-256 of seed, population and canonical key: a random order anyone can compute again."""
    start = text(f"{seed}|{population_hash}|")
    return f"sha256({start} || {identity})"


def _joined(columns: tuple[str, ...], separator: str) -> str:
    values = (f"coalesce({stripped(column)}, '')" for column in columns)
    return f" || {separator} || ".join(values)
