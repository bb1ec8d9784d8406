"""Which candidates may still be chosen: one rule for a part and for all parts together.

Because it takes the first so many of a total order, keeping in every part and then over what the
parts kept gives what keeping over the whole population gives. Records that share their key are
judged only when all of them are together, so a part keeps one a key beside the others.
"""

from synapse.sampling.selection.options import SIMPLE_RANDOM, Options

BY_RANK = "rank DESC, ord, record_no"
CLEAN_ORDER = "soiled, ord, record_no"
BY_CATEGORY = "CASE category WHEN 'anomaly' THEN 0 WHEN 'boundary' THEN 1 ELSE 2 END"
# The cover chooses among so many of the highest ranked of each attribute.
COVER_DEPTH = 50


def best_of_key(table: str) -> str:
    """Of records that share a key: the gravest category, then the highest rank, then the first."""
    return (
        f"SELECT record_no FROM {table} WHERE twin QUALIFY row_number() OVER "
        f"(PARTITION BY identity ORDER BY {BY_CATEGORY}, rank DESC, record_no) = 1"
    )


def keep_sql(table: str, reasons: str, options: Options, *, is_whole: bool = False) -> str:
    """Rows of `table` to keep; `is_whole` once each key stands for one record only."""
    single = "true" if is_whole else "NOT twin"
    kept = [f"SELECT record_no FROM {table} WHERE pinned"]
    if not is_whole:
        kept.append(best_of_key(table))
    if options.method == SIMPLE_RANDOM:
        kept.append(_first(table, single, "ord, record_no", options.size))
    else:
        for category in ("anomaly", "boundary"):
            kept.append(
                _first(table, f"{single} AND category = '{category}'", BY_RANK, options.size)
            )
        kept.append(_first(table, f"{single} AND category = 'clean'", CLEAN_ORDER, options.size))
        kept.append(_of_each_attribute(table, reasons, single, options))
    return f"SELECT * FROM {table} WHERE record_no IN ({' UNION '.join(kept)})"


def _first(table: str, condition: str, order: str, count: int) -> str:
    return f"(SELECT record_no FROM {table} WHERE {condition} ORDER BY {order} LIMIT {count:d})"


def _of_each_attribute(table: str, reasons: str, single: str, options: Options) -> str:
    depth = max(COVER_DEPTH, 2 * options.per_attribute)
    return (
        f"SELECT record_no FROM (SELECT DISTINCT record_no, attribute FROM {reasons}) "
        f"JOIN {table} USING (record_no) WHERE {single} QUALIFY row_number() OVER "
        f"(PARTITION BY attribute ORDER BY {BY_RANK}) <= {depth:d}"
    )
