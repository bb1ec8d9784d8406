"""A file of records, read: detected, matched to attributes, turned into Parquet.

detect(path, name, *, attributes=(), given=None) -> Reading
    `given` holds what the tester fixed (names of Reading.CHANGEABLE); raises UnreadablePopulation
match(reading, attributes, *, chosen=None) -> Match
    `chosen` {position of the column: attribute id or None} overrules what was matched
prepare(path, reading, folder) -> Path
    the file itself, or its UTF-8 delimited form made once in `folder` (XLSX, UTF-16, ...)
plan_chunks(prepared, reading) -> list[Chunk]
read_chunk(prepared, reading, chunk, columns, out) -> ChunkResult
combine(results, columns, *, reading=None) -> Totals, from ChunkResults or their facts() in order
identifier_column(parts, columns) -> name or None, for a population without a key
"""
