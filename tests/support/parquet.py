"""Parquet files of which only a part can be read, so that a test sees what was."""

from collections.abc import Collection
from pathlib import Path

import pyarrow.parquet


def spoil(path: Path | str, *, but: int, keep: Collection[str] = ()) -> None:
    """Makes all row groups of a file unreadable except one, and except the columns to keep."""
    metadata = pyarrow.parquet.ParquetFile(path).metadata
    with Path(path).open("r+b") as file:
        for group in range(metadata.num_row_groups):
            for column in range(metadata.num_columns):
                chunk = metadata.row_group(group).column(column)
                if group == but or chunk.path_in_schema in keep:
                    continue
                file.seek(chunk.dictionary_page_offset or chunk.data_page_offset)
                file.write(b"\xff" * chunk.total_compressed_size)
