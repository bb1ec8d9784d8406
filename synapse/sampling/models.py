"""Sample sets and their samples."""
