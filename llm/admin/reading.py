"""Rows that the client alone writes, and who wrote the others."""

from django.contrib import admin

from llm import surroundings


def person(user_id: int | None) -> str:
    """The name of whoever has this number; the number where nobody knows the name."""
    if user_id is None:
        return "-"
    return surroundings.current().people([user_id]).get(user_id, f"user {user_id}")


class ReadOnlyAdmin(admin.ModelAdmin):
    def has_add_permission(self, request) -> bool:
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        return False

    def has_delete_permission(self, request, obj=None) -> bool:
        return False
