"""Bearer tokens."""

from datetime import timedelta

import pytest
from django.test import override_settings
from django.urls import reverse
from django.utils import timezone

from synapse.accounts.errors import TokenLifetime
from synapse.accounts.models import ApiToken
from synapse.accounts.services.tokens import create_token, revoke_token, token_user
from synapse.common.errors import NotAllowed
from tests.factories.accounts import make_tester, make_user


@pytest.fixture
def person(db):
    return make_tester()


def test_a_token_stands_for_its_person_and_only_its_digest_is_kept(person):
    token, text = create_token(user=person, name="loader")
    assert text.startswith(f"syn_{token.key}.")
    assert token_user(text) == person
    row = ApiToken.objects.values().get()
    secret = text.partition(".")[2]
    assert not any(secret in str(value) for value in row.values())
    assert ApiToken.objects.get().last_used_at


@pytest.mark.parametrize("change", [str.upper, lambda text: text[:-1], lambda text: text + "x"])
def test_a_changed_token_is_nobodys(person, change):
    _, text = create_token(user=person, name="loader")
    assert token_user(change(text)) is None


@pytest.mark.parametrize("text", ["", "syn_", "syn_.", "syn_a", "syn_a.", "Bearer x", "\x00.é"])
def test_nonsense_is_nobodys(person, text):
    assert token_user(text) is None


def test_an_expired_or_revoked_token_is_nobodys(person):
    token, text = create_token(user=person, name="loader")
    ApiToken.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert token_user(text) is None
    token, text = create_token(user=person, name="loader")
    revoke_token(token=token, actor=person)
    assert token_user(text) is None


def test_tokens_outlive_a_rotated_key(person):
    with override_settings(SECRET_KEY="old"):
        _, text = create_token(user=person, name="loader")
    with override_settings(SECRET_KEY="new", SECRET_KEY_FALLBACKS=["old"]):
        assert token_user(text) == person
    with override_settings(SECRET_KEY="new", SECRET_KEY_FALLBACKS=[]):
        assert token_user(text) is None


@pytest.mark.parametrize("days", [0, 366])
def test_lifetimes_have_bounds(person, days):
    with pytest.raises(TokenLifetime):
        create_token(user=person, name="x", days=days)


def test_somebody_elses_token_is_left_alone(person):
    token, _ = create_token(user=person, name="x")
    with pytest.raises(NotAllowed):
        revoke_token(token=token, actor=make_user())


def test_the_page_shows_a_token_once(client, person):
    client.force_login(person)
    url = reverse("accounts:token_list")
    response = client.post(url, {"name": "loader", "days": 30})
    token = ApiToken.objects.get()
    assert f"syn_{token.key}." in response.content.decode()
    assert response["Cache-Control"] == "no-store"
    assert f"syn_{token.key}." not in client.get(url).content.decode()
    client.post(reverse("accounts:token_revoke", args=[token.pk]))
    token.refresh_from_db()
    assert token.revoked_at


def test_the_page_reaches_no_foreign_token(client, person):
    token, _ = create_token(user=make_tester(), name="x")
    client.force_login(person)
    assert client.post(reverse("accounts:token_revoke", args=[token.pk])).status_code == 404


def test_tokens_over_rest(api, person):
    client = api(person)
    created = client.post("/api/v1/tokens/", {"name": "second", "days": 1}, format="json")
    assert created.status_code == 201
    second = api()
    second.credentials(HTTP_AUTHORIZATION=f"Bearer {created.json()['token']}")
    assert second.get("/api/v1/me/").json()["id"] == person.pk
    url = created["Location"]
    assert "token" not in client.get(url).json()
    assert client.delete(url).status_code == 204
    assert second.get("/api/v1/me/").status_code == 401
    assert api(make_tester()).get(url).status_code == 404
    assert api(make_tester()).delete(url).status_code == 404
