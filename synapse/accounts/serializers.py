"""People and tokens as the API shows and takes them."""

from rest_framework import serializers

from synapse.accounts.models import ApiToken, User
from synapse.accounts.roles import Role
from synapse.accounts.services.tokens import DEFAULT_DAYS, MAX_DAYS


class UserSerializer(serializers.ModelSerializer):
    roles = serializers.SerializerMethodField()

    class Meta:
        model = User
        fields = [
            "id",
            "username",
            "first_name",
            "last_name",
            "email",
            "is_active",
            "roles",
            "last_login",
            "date_joined",
        ]
        read_only_fields = fields

    def get_roles(self, user: User) -> list[str]:
        return sorted(user.role_codes)


class UserUpdateSerializer(serializers.Serializer):
    username = serializers.RegexField(r"^[\w.@+-]+\Z", max_length=150, required=False)
    first_name = serializers.CharField(max_length=150, required=False, allow_blank=True)
    last_name = serializers.CharField(max_length=150, required=False, allow_blank=True)
    email = serializers.EmailField(max_length=254, required=False)


class UserCreateSerializer(UserUpdateSerializer):
    username = serializers.RegexField(r"^[\w.@+-]+\Z", max_length=150)
    email = serializers.EmailField(max_length=254)
    password = serializers.CharField(
        max_length=128, required=False, write_only=True, trim_whitespace=False
    )
    roles = serializers.ListField(
        child=serializers.ChoiceField(Role.choices), required=False, max_length=len(Role)
    )


class RolesSerializer(serializers.Serializer):
    """All the roles the person is to hold."""

    roles = serializers.ListField(child=serializers.ChoiceField(Role.choices), max_length=len(Role))


class PasswordSerializer(serializers.Serializer):
    password = serializers.CharField(max_length=128, trim_whitespace=False)


class DeactivateSerializer(serializers.Serializer):
    reason = serializers.CharField(required=False, allow_blank=True, max_length=2000)


class TokenSerializer(serializers.ModelSerializer):
    prefix = serializers.SerializerMethodField()
    is_usable = serializers.BooleanField(read_only=True)

    class Meta:
        model = ApiToken
        fields = [
            "id",
            "name",
            "prefix",
            "created_at",
            "expires_at",
            "last_used_at",
            "revoked_at",
            "is_usable",
        ]
        read_only_fields = fields

    def get_prefix(self, token: ApiToken) -> str:
        return f"syn_{token.key}"


class TokenCreateSerializer(serializers.Serializer):
    name = serializers.CharField(max_length=80)
    days = serializers.IntegerField(min_value=1, max_value=MAX_DAYS, default=DEFAULT_DAYS)


class NewTokenSerializer(TokenSerializer):
    """With the token's text, which is in this answer and nowhere else."""

    token = serializers.CharField(source="text", read_only=True)

    class Meta(TokenSerializer.Meta):
        fields = [*TokenSerializer.Meta.fields, "token"]
        read_only_fields = fields
