"""How populations can be narrowed."""

import django_filters as filters

from synapse.common.filters import IdFilter, YesNo
from synapse.profiling.models import Population


class PopulationFilter(filters.FilterSet):
    cycle_report = IdFilter(field_name="cycle_report_id", label="Cycle-report")
    imported = YesNo(method="by_import", label="Imported")

    class Meta:
        model = Population
        fields: list[str] = []

    def by_import(self, queryset, name, value):
        return queryset.filter(imported_at__isnull=not value)
