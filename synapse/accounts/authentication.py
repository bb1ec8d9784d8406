"""Who calls the API: a bearer token, else the session."""

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed

from synapse.accounts.services.tokens import token_user

SCHEME = "bearer"


class ApiTokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer syn_<id>.<secret>`."""

    def authenticate(self, request):
        scheme, _, text = get_authorization_header(request).decode("latin-1").partition(" ")
        if scheme.lower() != SCHEME:
            return None
        user = token_user(text.strip())
        if user is None:
            raise AuthenticationFailed("The token is wrong, expired or revoked.")
        return user, None

    def authenticate_header(self, request) -> str:
        return 'Bearer realm="api"'


class ApiTokenScheme(OpenApiAuthenticationExtension):
    target_class = ApiTokenAuthentication
    name = "token"

    def get_security_definition(self, auto_schema):
        return {"type": "http", "scheme": SCHEME, "bearerFormat": "syn_<id>.<secret>"}
