"""What planning's resources do alike: check the body, read back what was written."""

from django.shortcuts import get_object_or_404
from rest_framework import status

from synapse.common.api import ReadViewSet, versioned
from synapse.planning import selectors
from synapse.planning.models import Plan


class PlanningViewSet(ReadViewSet):
    def validated(self, shape, **options) -> dict:
        serializer = shape(data=self.request.data, context=self.get_serializer_context(), **options)
        serializer.is_valid(raise_exception=True)
        return (
            serializer.validated()
            if hasattr(serializer, "validated")
            else dict(serializer.validated_data)
        )

    def answer(self, instance, code: int = status.HTTP_200_OK):
        """The object read back as this user sees it."""
        headers = {}
        if code == status.HTTP_201_CREATED:
            headers["Location"] = self.reverse_action("detail", args=[instance.pk])
        instance = self.get_queryset().get(pk=instance.pk)
        return versioned(instance, self.get_serializer(instance).data, code, headers)

    def plan_numbered(self, pk: int) -> Plan:
        return get_object_or_404(selectors.visible_plans(self.request.user), pk=pk)
