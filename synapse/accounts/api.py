"""People, oneself and one's tokens over REST."""

from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, permissions, status
from rest_framework.decorators import action
from rest_framework.response import Response

from synapse.accounts.filters import UserFilter
from synapse.accounts.models import ApiToken, User
from synapse.accounts.roles import Role
from synapse.accounts.serializers import (
    DeactivateSerializer,
    NewTokenSerializer,
    PasswordSerializer,
    RolesSerializer,
    TokenCreateSerializer,
    TokenSerializer,
    UserCreateSerializer,
    UserSerializer,
    UserUpdateSerializer,
)
from synapse.accounts.services import roles, tokens, users
from synapse.common.api import ApiView, ApiViewSet, ReadViewSet, require_match
from synapse.common.schema import IF_MATCH


class ManagesUsers(permissions.IsAuthenticated):
    """Administrators change people; test executives see them, to name testers."""

    def has_permission(self, request, view) -> bool:
        user = request.user
        if not super().has_permission(request, view):
            return False
        reads = request.method in permissions.SAFE_METHODS and user.has_role(Role.TEST_EXECUTIVE)
        return user.is_administrator or reads


class UserViewSet(ReadViewSet):
    """The people who use this installation."""

    queryset = User.objects.prefetch_related("grants")
    serializer_class = UserSerializer
    filterset_class = UserFilter
    permission_classes = [ManagesUsers]

    @extend_schema(request=UserCreateSerializer, responses={201: UserSerializer})
    def create(self, request):
        data = self.validated(UserCreateSerializer)
        user = users.create_user(actor=request.user, **data)
        return self.answer(user, status.HTTP_201_CREATED)

    @extend_schema(request=UserUpdateSerializer, responses=UserSerializer, parameters=[IF_MATCH])
    def partial_update(self, request, pk=None):
        user = self.get_object()
        expected = require_match(request, user.lock_version, str(user))
        data = self.validated(UserUpdateSerializer)
        user = users.update_user(user=user, actor=request.user, expected=expected, **data)
        return self.answer(user)

    @extend_schema(request=RolesSerializer, responses=UserSerializer)
    @action(detail=True, methods=["put"], url_path="roles")
    def roles(self, request, pk=None):
        """Sets all the roles the person is to hold."""
        data = self.validated(RolesSerializer)
        return self.answer(roles.set_roles(user=self.get_object(), actor=request.user, **data))

    @extend_schema(request=DeactivateSerializer, responses=UserSerializer)
    @action(detail=True, methods=["post"])
    def deactivate(self, request, pk=None):
        data = self.validated(DeactivateSerializer)
        return self.answer(
            users.deactivate_user(user=self.get_object(), actor=request.user, **data)
        )

    @extend_schema(request=None, responses=UserSerializer)
    @action(detail=True, methods=["post"])
    def activate(self, request, pk=None):
        return self.answer(users.activate_user(user=self.get_object(), actor=request.user))

    @extend_schema(request=PasswordSerializer, responses={204: None})
    @action(detail=True, methods=["post"], url_path="set-password")
    def set_password(self, request, pk=None):
        """Gives the person a new password."""
        data = self.validated(PasswordSerializer)
        users.set_password(user=self.get_object(), actor=request.user, **data)
        return Response(status=status.HTTP_204_NO_CONTENT)


class MeView(ApiView):
    """The person who calls."""

    @extend_schema(operation_id="me_retrieve", responses=UserSerializer)
    def get(self, request):
        return Response(UserSerializer(request.user).data)


class TokenViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, ApiViewSet):
    """One's own tokens; revoked ones stay in the list."""

    queryset = ApiToken.objects.all()
    serializer_class = TokenSerializer

    def visible(self, queryset):
        return queryset.filter(user=self.request.user)

    @extend_schema(request=TokenCreateSerializer, responses={201: NewTokenSerializer})
    def create(self, request):
        token, text = tokens.create_token(
            user=request.user, **self.validated(TokenCreateSerializer)
        )
        token.text = text
        headers = {
            "Location": self.reverse_action("detail", args=[token.pk]),
            "Cache-Control": "no-store",
        }
        return Response(NewTokenSerializer(token).data, status.HTTP_201_CREATED, headers=headers)

    @extend_schema(responses={204: None})
    def destroy(self, request, pk=None):
        """Revokes the token."""
        tokens.revoke_token(token=self.get_object(), actor=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


routes = [("users", UserViewSet, "user"), ("tokens", TokenViewSet, "token")]
paths = [path("me/", MeView.as_view(), name="me")]
