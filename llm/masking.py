"""Numbers of persons and their accounts, masked in whatever leaves: known by their own check."""

import re

# In one, in fours, or as American Express writes them.
_CARD = re.compile(
    r"(?<![\w.-])(?:[2-6]\d{12,18}|[2-6]\d{3}([ -])\d{4}\1\d{4}\1\d{1,7}"
    r"|3[47]\d\d([ -])\d{6}\2\d{5})(?![\w-]|\.\d)"
)
_SOCIAL = re.compile(r"(?<![\w-])(?!000|666|9)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\w-])")
_IBAN = re.compile(r"(?<!\w)[A-Z]{2}\d{2}(?: ?[A-Z0-9]){11,30}(?!\w)")


def masked(value: object) -> object:
    """The same JSON with such numbers in its texts replaced by what they are, in brackets."""
    if isinstance(value, str):
        return _masked(value)
    if isinstance(value, dict):
        return {key: masked(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        inside = [masked(each) for each in value]
        # A tuple stays one, so that what has nothing to mask is equal to what it was.
        return tuple(inside) if isinstance(value, tuple) else inside
    return value


def _masked(text: str) -> str:
    text = _CARD.sub(lambda found: _if(_is_card(found[0]), "[card number]", found[0]), text)
    text = _IBAN.sub(lambda found: _if(_is_iban(found[0]), "[account number]", found[0]), text)
    return _SOCIAL.sub("[social security number]", text)


def _if(is_one: bool, mask: str, otherwise: str) -> str:
    return mask if is_one else otherwise


def _is_card(text: str) -> bool:
    """ISO/IEC 7812: the last digit is right by Luhn's sum, and the number isn't one digit only."""
    digits = [int(each) for each in text if each.isdigit()]
    doubled = [sum(divmod(2 * each, 10)) for each in digits[-2::-2]]
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0 and len(set(digits)) > 1


def _is_iban(text: str) -> bool:
    """ISO 13616: country and check digits moved to the end, letters as numbers, is 1 modulo 97."""
    plain = text.replace(" ", "")
    return int("".join(str(int(each, 36)) for each in plain[4:] + plain[:4])) % 97 == 1
