"""A record of the population as a sample keeps it."""

import hashlib
from collections.abc import Iterable, Mapping

SEPARATOR = "\x1f"


def row_hash(row: Mapping[str, str | None], population) -> str:
    """SHA-256 of the record's texts in the order of the file, blanks as nothing between."""
    texts = (row.get(column["name"]) or "" for column in population.columns)
    return hashlib.sha256(SEPARATOR.join(texts).encode("utf-8", "surrogatepass")).hexdigest()


def key_values(row: Mapping[str, str | None], keys: Iterable[str]) -> dict[str, str | None]:
    return {name: row.get(name) for name in keys}


def in_order(sample_set, names: Iterable[str]) -> list[str]:
    """Column names as they stand in the set's population; JSON in the database has no order."""
    places = {column["name"]: place for place, column in enumerate(sample_set.population.columns)}
    return sorted(names, key=lambda name: (places.get(name, len(places)), name))
