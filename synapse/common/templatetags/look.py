"""Template tags of the look: the bar's sections, form fields, sortable headings, durations."""

import re
from dataclasses import dataclass
from datetime import timedelta

from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse

register = template.Library()


@dataclass(frozen=True)
class Section:
    """One place of the bar; `key` is the letter that follows "g" to go there."""

    label: str
    url: str
    key: str
    current: bool
    count: int | None = None


_PHASES = ("planning", "profiling", "scoping", "sampling")
# label, url name, letter, the applications that belong to it, staff only
_SECTIONS = [
    ("To do", "cycles:home", "t", (), False),
    ("Cycles", "cycles:cycle_list", "c", ("cycles", *_PHASES), False),
    ("Jobs", "jobs:job_list", "j", ("jobs",), False),
    ("Model calls", "llm:call_list", "m", ("llm",), False),
    ("Reports", "cycles:report_list", "r", (), False),
    ("Users", "accounts:user_list", "u", (), True),
    ("Audit", "audit:entry_list", "a", ("audit",), True),
]


@register.simple_tag(takes_context=True)
def sections(context) -> list[Section]:
    """The places this user may go to, with the present one marked."""
    request = context.get("request")
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return []
    match = getattr(request, "resolver_match", None)
    view, app = (match.view_name, match.app_name) if match else ("", "")
    rows = [row for row in _SECTIONS if user.is_staff or not row[4]]
    exact = next((row[1] for row in rows if _belongs(view, row[1])), None)
    found = []
    for label, name, key, apps, _ in rows:
        try:
            url = reverse(name)
        except NoReverseMatch:
            continue
        current = name == exact if exact else app in apps
        count = context.get("todo_count") if name == "cycles:home" else None
        found.append(Section(label, url, key, current, count))
    return found


def _belongs(view: str, name: str) -> bool:
    """Say whether a page is of a section: the list itself, or another page of the same model."""
    return view == name or (name.endswith("_list") and view.startswith(name.removesuffix("list")))


@register.simple_tag
def environment_name() -> str:
    """The operator's name of this installation ("test", "production"), shown in the bar."""
    return settings.ENVIRONMENT_LABEL


@register.simple_tag
def field(bound, **options) -> str:
    """One form field with its label, help and errors tied to it."""
    return render_to_string("components/_field.html", {"field": bound, **options})


@register.simple_tag(takes_context=True)
def sort_heading(context, name: str, label: str, css: str = "") -> str:
    """A column heading that sorts by `?sort=name`, and by `-name` when pressed again."""
    query = context["request"].GET.copy()
    now = query.get("sort", "")
    order = {name: "ascending", f"-{name}": "descending"}.get(now, "none")
    query["sort"] = f"-{name}" if now == name else name
    for stale in ("page", "cursor"):
        query.pop(stale, None)
    return render_to_string(
        "components/_sort_heading.html",
        {"url": f"?{query.urlencode()}", "label": label, "order": order, "css": css},
    )


@register.filter
def duration(value: timedelta | float | None) -> str:
    """A length of time as people say it: "1 h 5 min", "40 s", "0.4 s"."""
    if value is None:
        return ""
    seconds = value.total_seconds() if isinstance(value, timedelta) else float(value)
    if seconds < 10:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    parts = [
        (whole // 86400, "d"),
        (whole // 3600 % 24, "h"),
        (whole // 60 % 60, "min"),
        (whole % 60, "s"),
    ]
    return " ".join([f"{n} {unit}" for n, unit in parts if n][:2])


@register.filter
def grouped(value: object) -> object:
    """A count as people read it, 1,234,567; what is no whole number as it is."""
    return f"{value:,}" if type(value) is int else value


@register.filter
def pairs(values: dict | None) -> list[tuple]:
    """Names with values; unlike `.items` in a template, right for a dict with a key "items"."""
    return list((values or {}).items())


@register.filter
def is_checkbox(bound) -> bool:
    """Say whether a field is one box to tick, whose label stands after it."""
    return bound.widget_type == "checkbox"


@register.filter
def slug_id(value) -> str:
    """Text made fit for an element's id."""
    return re.sub(r"[^a-z0-9]+", "-", str(value).lower()).strip("-")
