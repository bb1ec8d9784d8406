"""The trail over REST, for administrators, to read only."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import permissions, serializers

from synapse.audit.filters import EntryFilter
from synapse.audit.models import Entry
from synapse.common.api import ReadViewSet


@extend_schema_field({"type": ["object", "null"], "additionalProperties": True})
class ValuesField(serializers.JSONField):
    """Names and values, none when there is nothing to compare with."""


class EntrySerializer(serializers.ModelSerializer):
    object_type = serializers.CharField(source="content_type.model")
    before = ValuesField(read_only=True)
    after = ValuesField(read_only=True)

    class Meta:
        model = Entry
        fields = [
            "id",
            "at",
            "actor",
            "actor_label",
            "actor_roles",
            "action",
            "object_type",
            "object_id",
            "object_label",
            "cycle_report_id",
            "before",
            "after",
            "reason",
            "request_id",
            "ip",
        ]
        read_only_fields = fields


class EntryViewSet(ReadViewSet):
    """Who changed what, when, from where, to what, and why."""

    queryset = Entry.objects.select_related("content_type")
    serializer_class = EntrySerializer
    filterset_class = EntryFilter
    permission_classes = [permissions.IsAdminUser]


routes = [("audit-entries", EntryViewSet, "auditentry")]
