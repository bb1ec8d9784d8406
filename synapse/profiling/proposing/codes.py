"""Whether the codes of an attribute are all it may hold, or words beside its values."""

import re
from dataclasses import dataclass

from synapse.planning.states import DataType

# Words and signs by which dictionaries say that there is no value.
NO_VALUE = re.compile(
    r"(?i)n/?a|n\.a\.|none|null|nil|exempt|blank|unknown|unk|tbd|"
    r"not[ _-]?(?:applicable|available|reported|provided|collected|requested)|-+|\.|x+"
)
# Numbers that stand for "no value" in a field of numbers, such as 8888 or -999.
STAND_IN = re.compile(r"-?([0-9])\1{2,}")
BLANK = re.compile(r"(?i)\(?(?:blank|null|empty|spaces?)\)?")
MEASURED = (DataType.DECIMAL, DataType.DATE)


@dataclass(frozen=True)
class Codes:
    """The codes of one attribute: all it may hold, or those it may hold beside a value."""

    closed: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()


def codes_of(attribute) -> Codes:
    """Amounts and dates are never a list; a list of words for "no value" isn't one either."""
    codes = tuple(
        dict.fromkeys(
            code
            for entry in attribute.allowed_values or ()
            if (code := str(entry.get("code", "")).strip()) and not BLANK.fullmatch(code)
        )
    )
    if not codes:
        return Codes()
    if attribute.data_type in MEASURED or len(codes) == 1 or _stand_for_nothing(attribute, codes):
        return Codes(beside=codes)
    return Codes(closed=codes)


def _stand_for_nothing(attribute, codes: tuple[str, ...]) -> bool:
    if all(NO_VALUE.fullmatch(code) for code in codes):
        return True
    if attribute.data_type != DataType.INTEGER:
        return False
    return all(NO_VALUE.fullmatch(code) or STAND_IN.fullmatch(code) for code in codes)
