"""How the list of people can be narrowed, the same in pages and API."""

import django_filters as filters
from django.db.models import Q

from synapse.accounts.models import User
from synapse.accounts.roles import Role
from synapse.common.filters import YesNo


class UserFilter(filters.FilterSet):
    search = filters.CharFilter(method="by_text", label="Name or address")
    role = filters.ChoiceFilter(field_name="grants__role", choices=Role.choices, label="Role")
    is_active = YesNo(label="Active")

    class Meta:
        model = User
        fields: list[str] = []

    def by_text(self, queryset, name, value):
        return queryset.filter(
            Q(username__icontains=value)
            | Q(email__icontains=value)
            | Q(first_name__icontains=value)
            | Q(last_name__icontains=value)
        )
