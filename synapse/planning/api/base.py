"""What planning's resources do alike."""

from django.shortcuts import get_object_or_404

from synapse.common.api import ReadViewSet
from synapse.planning import selectors
from synapse.planning.models import Plan


class PlanningViewSet(ReadViewSet):
    def plan_numbered(self, pk: int) -> Plan:
        return get_object_or_404(selectors.visible_plans(self.request.user), pk=pk)
