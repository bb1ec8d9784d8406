"""States as tags: the word, and the colour that goes with it."""

from django import template
from django.template.loader import render_to_string

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


@register.simple_tag
def status_tag(value: str, label: str = "", title: str = "") -> str:
    """A tag for a state; its label when the value has one (as members of TextChoices do)."""
    label = label or getattr(value, "label", "") or str(value).replace("_", " ")
    context = {"label": label, "colour": COLOURS.get(str(value), ""), "title": title}
    return render_to_string("components/_tag.html", context)


@register.inclusion_tag("components/_tag.html")
def status_of(obj, name: str = "status") -> dict[str, str]:
    """The tag of an object's own state field."""
    value = getattr(obj, name)
    return {"label": getattr(obj, f"get_{name}_display")(), "colour": COLOURS.get(value, "")}
