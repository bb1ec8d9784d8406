"""What a spreadsheet makes of the cells we hand out."""

# The beginnings that a spreadsheet takes for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def harmless(value: object) -> object:
    """The value for a cell of a CSV; text that would run as a formula is marked as text."""
    if value is None:
        return ""
    if isinstance(value, str) and value.startswith(FORMULA):
        return f"'{value}"
    return value
