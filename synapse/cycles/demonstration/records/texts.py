"""Values as the report writes them."""

from datetime import date

Record = dict[str, str]


def money(cents: int) -> str:
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100}.{abs(cents) % 100:02d}"


def rate(thousandths: int | None) -> str:
    return "" if thousandths is None else f"{thousandths // 1000}.{thousandths % 1000:03d}"


def day(value: date | None) -> str:
    return f"{value:%Y%m%d}" if value and value.year >= 1000 else ""


def flag(value: bool) -> str:
    return "1" if value else "0"
