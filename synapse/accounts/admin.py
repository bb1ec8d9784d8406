"""People in the admin: looked at here, changed by the services the pages use."""

from django.contrib import admin
from django.contrib.auth.models import Group
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.urls import reverse

from synapse.accounts.models import ApiToken, LoginFailure, RoleGrant, User
from synapse.accounts.services import tokens, users
from synapse.common.admin import ReadOnlyAdmin

# Rights come from roles; groups would grant nothing.
admin.site.unregister(Group)


def login(request, extra_context=None):
    """The site's one login page, so that guessing is slowed down here too."""
    if request.user.is_authenticated:
        raise PermissionDenied
    return redirect_to_login(request.GET.get("next") or reverse("admin:index"))


def password_change(request, extra_context=None):
    return redirect("accounts:own_password")


admin.site.login = login
admin.site.password_change = password_change


class GrantInline(admin.TabularInline):
    model = RoleGrant
    fk_name = "user"
    extra = 0
    can_delete = False
    readonly_fields = ["role", "granted_by", "granted_at"]

    def has_add_permission(self, request, obj=None) -> bool:
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        return False


@admin.register(User)
class UserAdmin(ReadOnlyAdmin):
    list_display = ["username", "email", "first_name", "last_name", "is_active", "roles"]
    list_filter = ["is_active", "grants__role"]
    search_fields = ["username", "email", "first_name", "last_name"]
    exclude = ["password", "groups", "user_permissions", "session_epoch"]
    inlines = [GrantInline]
    actions = ["deactivate", "activate"]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("grants")

    def roles(self, user: User) -> str:
        return ", ".join(user.role_labels)

    @admin.action(description="Deactivate: sessions and tokens end")
    def deactivate(self, request, queryset):
        self.each(request, queryset, users.deactivate_user, "user", "deactivated")

    @admin.action(description="Activate")
    def activate(self, request, queryset):
        self.each(request, queryset, users.activate_user, "user", "activated")


@admin.register(ApiToken)
class ApiTokenAdmin(ReadOnlyAdmin):
    list_display = ["name", "user", "key", "created_at", "expires_at", "last_used_at", "revoked_at"]
    list_select_related = ["user"]
    search_fields = ["name", "user__username", "key"]
    exclude = ["digest"]
    actions = ["revoke"]

    @admin.action(description="Revoke")
    def revoke(self, request, queryset):
        self.each(request, queryset, tokens.revoke_token, "token", "revoked")


@admin.register(LoginFailure)
class LoginFailureAdmin(ReadOnlyAdmin):
    list_display = ["key", "count", "since"]
    search_fields = ["key"]
