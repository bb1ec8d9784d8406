"""People, the roles they hold and the tokens they act through."""

from functools import cached_property

from django.conf import settings
from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import salted_hmac

from synapse.accounts.roles import Role


class Users(UserManager):
    def create_superuser(self, username, email=None, password=None, **extra):
        """An administrator by role too, so that one rule tells who administers."""
        user = super().create_superuser(username, email, password, **extra)
        RoleGrant.objects.create(user=user, role=Role.ADMIN)
        return user


class User(AbstractUser):
    """A person; `is_staff` follows the administrator role and is never set by itself."""

    email = models.EmailField("email address", unique=True)
    session_epoch = models.PositiveIntegerField(default=0, editable=False)
    lock_version = models.PositiveIntegerField(default=1, editable=False)

    objects = Users()

    class Meta:
        ordering = ["last_name", "first_name", "username"]
        constraints = [
            models.UniqueConstraint(Lower("email"), name="accounts_user_email_any_case"),
            models.UniqueConstraint(Lower("username"), name="accounts_user_username_any_case"),
        ]

    def __str__(self) -> str:
        return self.get_full_name() or self.username

    @cached_property
    def role_codes(self) -> frozenset[str]:
        return frozenset(grant.role for grant in self.grants.all())

    def has_role(self, *roles: str) -> bool:
        """Whether the person is active and holds one of the roles."""
        return self.is_active and not self.role_codes.isdisjoint(roles)

    @property
    def is_administrator(self) -> bool:
        return self.is_active and self.is_staff

    @property
    def role_labels(self) -> list[str]:
        return [role.label for role in Role if role in self.role_codes]

    # The admin site asks per model; administrators see all of it, and what must not be changed
    # there is shut by each ModelAdmin.
    def has_perm(self, perm: str, obj: models.Model | None = None) -> bool:
        return self.is_administrator

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_administrator

    def _get_session_auth_hash(self, secret=None):
        """Ends every session when the epoch grows, not only when the password changes."""
        return salted_hmac(
            "synapse.accounts.session",
            f"{self.password}:{self.session_epoch}",
            secret=secret,
            algorithm="sha256",
        ).hexdigest()


class RoleGrant(models.Model):
    user = models.ForeignKey(User, models.PROTECT, related_name="grants")
    role = models.CharField(max_length=20, choices=Role.choices)
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    granted_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["user", "role"], name="accounts_rolegrant_once"),
            models.CheckConstraint(
                condition=Q(role__in=Role.values), name="accounts_rolegrant_known_role"
            ),
            models.CheckConstraint(
                condition=Q(granted_by__isnull=True) | ~Q(granted_by=models.F("user")),
                name="accounts_rolegrant_not_by_oneself",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}"


class ApiToken(models.Model):
    """A bearer token; only its keyed digest is kept."""

    user = models.ForeignKey(User, models.PROTECT, related_name="api_tokens")
    name = models.CharField(max_length=80)
    key = models.CharField(max_length=16, unique=True, editable=False)
    digest = models.CharField(max_length=64, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, editable=False)
    revoked_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.name} (syn_{self.key})"

    @property
    def is_usable(self) -> bool:
        return self.revoked_at is None and self.expires_at > timezone.now()


class LoginFailure(models.Model):
    """Failed logins of one name or address in the current window."""

    key = models.CharField(max_length=200, primary_key=True)
    count = models.PositiveIntegerField()
    since = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.key}: {self.count}"
