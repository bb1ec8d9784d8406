"""A refusal as people meet it: a message on the page they were on."""

from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

from synapse.common.problems import note_refusal

SAFE = {"GET", "HEAD"}
# The page's htmx shows these; any other status it treats as a failure of ours.
SHOWN_PARTS = {409, 412, 422, 428}
SHOWN_ROWS = 5
FORBIDDEN = 403


def refuse(request: HttpRequest, error: Any) -> HttpResponse:
    """A toast for htmx; else back to where the person came from, or a page of its own for a GET."""
    text = _text(error)
    if error.http_status == FORBIDDEN:
        note_refusal(request, error.code)
    if request.headers.get("HX-Request") == "true":
        status = error.http_status if error.http_status in SHOWN_PARTS else 409
        context = {"level": "bad", "text": text}
        response = render(request, "components/_toast.html", context, status=status)
        response["HX-Reswap"] = "none"
        return response
    # No page of ours offers what the person may not do, so there is no page to lead back to.
    stay = request.method in SAFE or error.http_status == FORBIDDEN
    back = None if stay else _came_from(request)
    if back is None:
        return render(request, "refused.html", {"text": text}, status=error.http_status)
    messages.error(request, text)
    return HttpResponseRedirect(back)


def _text(error: Any) -> str:
    rows = getattr(error, "errors", None) or []
    shown = [f"{row['pointer'].strip('/')}: {row['detail']}" for row in rows[:SHOWN_ROWS]]
    more = [f"and {len(rows) - SHOWN_ROWS} more"] if len(rows) > SHOWN_ROWS else []
    return f"{error.message} ({'; '.join(shown + more)})" if shown else error.message


def _came_from(request: HttpRequest) -> str | None:
    """The page that sent the form, if it is one of ours."""
    referer = request.headers.get("Referer", "")
    host = request.get_host()
    if not url_has_allowed_host_and_scheme(referer, {host}, require_https=request.is_secure()):
        return None
    parts = urlsplit(referer)
    return parts.path + (f"?{parts.query}" if parts.query else "")
