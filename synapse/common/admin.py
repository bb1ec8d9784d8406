"""Admin bases: audited things are looked at, never changed behind the services' back."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages

admin.site.site_header = "Synapse DTE administration"
admin.site.site_title = "Synapse DTE"


class ReadOnlyAdmin(admin.ModelAdmin):
    """Everything visible, nothing changed except by actions, which call services."""

    actions_on_bottom = True

    def has_add_permission(self, request, obj=None) -> bool:
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        return False

    def has_delete_permission(self, request, obj=None) -> bool:
        return False

    def each(
        self, request, queryset, service: Callable, name: str, done: str, **values: Any
    ) -> None:
        """Calls the service once an object and tells of each; a refusal stops at its object."""
        for instance in queryset:
            service(**{name: instance}, actor=request.user, **values)
            self.message_user(request, f"{instance} was {done}.", messages.SUCCESS)
