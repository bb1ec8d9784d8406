"""A file of records, read: detected, matched to attributes, turned into Parquet."""
