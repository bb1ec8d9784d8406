"""Reads a plan's attribute as the facts that scoping judges."""

from synapse.scoping.facts import CUT, LONGEST_DESCRIPTION, MOST_CODES, AttributeFacts


def facts_of(attribute) -> AttributeFacts:
    return AttributeFacts(
        id=str(attribute.pk),
        name=attribute.name,
        technical_name=attribute.technical_name,
        line=attribute.line,
        item_code=attribute.item_code,
        format=attribute.format,
        data_type=attribute.data_type,
        requirement=attribute.requirement,
        description=_shortened(attribute.description),
        allowed_values=tuple(_codes(attribute.allowed_values or [])),
        is_key=attribute.is_key,
        is_cde=attribute.is_cde,
        has_open_issue=attribute.has_open_issue,
    )


def same_field(attribute) -> str:
    """What makes two attributes of different plans the same field: the name, unique in a plan."""
    return attribute.name.casefold()


def _codes(allowed: list[dict]) -> list[str]:
    codes = [f"{each['code']} = {each['meaning']}".removesuffix(" = ") for each in allowed]
    if len(codes) > MOST_CODES:
        return [*codes[:MOST_CODES], f"and {len(codes) - MOST_CODES} more"]
    return codes


def _shortened(text: str) -> str:
    if len(text) <= LONGEST_DESCRIPTION:
        return text
    return text[:LONGEST_DESCRIPTION].rsplit(" ", 1)[0] + CUT
