"""Reads a bank's or regulator's data dictionary from a file: bytes in, fields out, no database."""
