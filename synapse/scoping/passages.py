"""The passage a judgement rests on, in its place in the attribute's text, for a page to mark."""

from dataclasses import dataclass

from synapse.scoping.attributes import facts_of
from synapse.scoping.states import QuotedField


@dataclass(frozen=True)
class Passage:
    """The field's text in three parts; the quote is the middle one."""

    label: str
    before: str
    quote: str
    after: str


def passage_of(item) -> Passage | None:
    """None without a quote that occurs, or where the text is not what was quoted any more."""
    sent = facts_of(item.attribute).texts.get(item.quote_field, "")
    if not sent:
        return None
    end = item.quote_start + len(item.quote)
    whole = item.attribute.description
    # What was sent of a long description is its beginning; a page shows it all.
    is_beginning = item.quote_field == QuotedField.DESCRIPTION and whole.startswith(sent)
    text = whole if is_beginning else sent
    if text[item.quote_start : end] != item.quote:
        return None
    label = item.get_quote_field_display()
    return Passage(label, text[: item.quote_start], item.quote, text[end:])
