"""Figures as sentences tell them."""


def counted(count: int, noun: str) -> str:
    """As in 1 record, 10,000 records."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
