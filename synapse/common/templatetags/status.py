"""States as tags: the word, and the colour that goes with it."""

from django import template
from django.utils.html import format_html

register = template.Library()

COLOURS = {
    "draft": "accent",
    "pending": "warn",
    "approved": "ok",
    "rejected": "bad",
    "in_progress": "accent",
    "complete": "ok",
    "completed": "ok",
    "active": "accent",
    "open": "warn",
    "done": "ok",
    "at_risk": "warn",
    "past_due": "bad",
    "completed_late": "warn",
}


def _tag(label: str, value: str, title: str = "") -> str:
    # As components/_tag.html writes it; a list of thousands of states can't afford a template each.
    more = format_html(' title="{}"', title) if title else ""
    return format_html('<span class="tag {}"{}>{}</span>', COLOURS.get(str(value), ""), more, label)


@register.simple_tag
def status_tag(value: str, label: str = "", title: str = "") -> str:
    """A tag for a state; its label when the value has one (as members of TextChoices do)."""
    label = label or getattr(value, "label", "") or str(value).replace("_", " ")
    return _tag(label, value, title)


@register.simple_tag
def status_of(obj, name: str = "status") -> str:
    """The tag of an object's own state field."""
    return _tag(getattr(obj, f"get_{name}_display")(), getattr(obj, name))
