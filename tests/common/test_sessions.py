"""A part asked for after the session has ended brings the whole page to the login."""

import pytest
from django.http import HttpResponse, HttpResponseRedirect
from django.test import RequestFactory
from django.urls import reverse
from django_htmx.middleware import HtmxMiddleware

from synapse.common.sessions import ExpiredSessionMiddleware

HTMX = {
    "HTTP_HX_REQUEST": "true",
    "HTTP_HX_CURRENT_URL": "http://testserver/jobs/?status=failed",
}


def answer(inner: HttpResponse, **headers) -> HttpResponse:
    handler = HtmxMiddleware(ExpiredSessionMiddleware(lambda request: inner))
    return handler(RequestFactory().get("/jobs/4/bar/", **headers))


def login() -> HttpResponse:
    return HttpResponseRedirect(reverse("accounts:login") + "?next=/jobs/4/bar/")


def test_htmx_is_sent_to_the_login_and_back_to_the_open_page():
    response = answer(login(), **HTMX)
    assert response.status_code == 200
    assert response["HX-Redirect"] == "/accounts/login/?next=/jobs/%3Fstatus%3Dfailed"


def test_a_page_is_redirected_as_ever():
    response = answer(login())
    assert response.status_code == 302
    assert not response.has_header("HX-Redirect")


@pytest.mark.parametrize("inner", [HttpResponseRedirect("/jobs/4/"), HttpResponse("part")])
def test_other_answers_are_left_alone(inner):
    assert answer(inner, **HTMX) is inner
