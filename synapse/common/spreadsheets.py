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


def meant(cell: str) -> str:
    """The text of a cell that we marked as text, or whoever was as careful, without the mark."""
    return cell[1:] if cell[:1] == "'" and cell[1:].startswith(FORMULA) else cell
