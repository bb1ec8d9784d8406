"""REST clients: one that is a person's program, with a token and no session."""

import pytest
from rest_framework.test import APIClient

from synapse.accounts.services.tokens import create_token


@pytest.fixture
def api():
    """`api(user)` is a client that sends this person's token; `api()` sends nothing."""

    def client(user=None) -> APIClient:
        client = APIClient()
        if user:
            _, text = create_token(user=user, name="test")
            client.credentials(HTTP_AUTHORIZATION=f"Bearer {text}")
        return client

    return client
