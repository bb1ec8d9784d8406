"""Logging in, and what slows down guessing."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from synapse.accounts import throttle
from synapse.accounts.errors import TooManyAttempts
from synapse.accounts.models import LoginFailure
from synapse.audit.models import Entry
from tests.factories.accounts import PASSWORD, make_tester

URL = "/accounts/login/"


def attempt(client, password=PASSWORD, username="tess", **extra):
    return client.post(URL, {"username": username, "password": password}, **extra)


@pytest.fixture
def tess(db):
    return make_tester("tess")


def test_login_leads_home_and_logout_back(client, tess):
    assert attempt(client)["Location"] == reverse("cycles:home")
    assert client.post(reverse("accounts:logout"))["Location"] == URL
    assert client.get("/").status_code == 302


def test_login_goes_on_to_the_page_asked_for_and_nowhere_else(client, tess):
    data = {"username": "tess", "password": PASSWORD}
    assert client.post(URL, data | {"next": "/cycles/"})["Location"] == "/cycles/"
    client.post(reverse("accounts:logout"))
    assert client.post(URL, data | {"next": "https://evil.example/"})["Location"] == "/"


def test_logins_are_in_the_trail_and_failures_in_the_log(client, tess, caplog):
    attempt(client, "wrong", username="tess\nroot")
    assert "failed login of 'tess\\nroot' from 127.0.0.1" in caplog.text
    attempt(client)
    entry = Entry.objects.get(action="user.login")
    assert (entry.actor, entry.ip) == (tess, "127.0.0.1")


def test_a_deactivated_person_does_not_get_in(client, tess):
    tess.is_active = False
    tess.save()
    assert attempt(client).status_code == 200


def test_five_failures_shut_the_pair_even_for_the_right_password(client, tess):
    for _ in range(5):
        assert "correct" in attempt(client, "wrong").content.decode()
    assert "Too many failed logins" in attempt(client).content.decode()
    assert attempt(client, REMOTE_ADDR="10.0.0.9").status_code == 302


def test_the_window_passes(client, tess):
    for _ in range(5):
        attempt(client, "wrong")
    LoginFailure.objects.update(since=timezone.now() - timedelta(minutes=16))
    assert attempt(client).status_code == 302


def test_success_forgets_the_pair(client, tess):
    for _ in range(4):
        attempt(client, "wrong")
    attempt(client)
    client.logout()
    for _ in range(4):
        attempt(client, "wrong")
    assert attempt(client).status_code == 302


def test_one_address_trying_many_names_is_shut(db):
    for number in range(50):
        throttle.note_failure(f"name{number}", "10.1.1.1")
    with pytest.raises(TooManyAttempts) as refusal:
        throttle.require_attempt("fresh", "10.1.1.1")
    assert refusal.value.http_status == 429
    assert refusal.value.retry_at > timezone.now()


def test_the_login_page_carries_a_strict_policy(client, db):
    policy = client.get(URL)["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert "object-src 'none'" in policy


def test_the_admin_site_has_no_login_of_its_own(client, tess):
    response = client.get("/admin/", follow=True)
    assert response.redirect_chain[-1][0].startswith(URL)
    client.force_login(tess)
    assert client.get("/admin/", follow=True).status_code == 403
