"""REST of model calls, to read: the list, one call, what they cost."""

from django.utils.module_loading import import_string
from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.pagination import CursorPagination
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response

from llm import costs, listing, selectors, surroundings
from llm.models import LLMCall
from llm.serializers import (
    CostQuerySerializer,
    CostReportSerializer,
    ModelCallDetailSerializer,
    ModelCallSerializer,
)

# The project's view: its errors, its paging and whatever else all its API does alike.
BaseViewSet = import_string(surroundings.current().api_view)


class CallPages(BaseViewSet.pagination_class or CursorPagination):
    ordering = "-id"


class CallFilter(filters.FilterSet):
    """In the words of the page's filters."""

    operation = filters.CharFilter(max_length=100, method="fit")
    outcome = filters.ChoiceFilter(choices=listing.OUTCOMES, method="fit")
    provider = filters.CharFilter(max_length=200, method="fit")
    model = filters.CharFilter(max_length=200, method="fit", label="Asked or returned")
    job = filters.NumberFilter(
        min_value=1, max_value=listing.LARGEST_KEY, decimal_places=0, method="fit"
    )
    user = filters.CharFilter(max_length=150, method="fit", label="For whom it was asked")
    data_owner = filters.CharFilter(max_length=60, method="fit")
    prompt = filters.CharFilter(max_length=40, method="fit", label="Version of the prompt")
    cached = filters.BooleanFilter(method="fit")
    simulated = filters.BooleanFilter(method="fit")
    masked = filters.BooleanFilter(
        method="fit", label="Whether anything was masked in it; neither finds calls of before"
    )
    uuid = filters.UUIDFilter(method="fit", label="Its public id")
    search = filters.CharFilter(
        max_length=100, method="fit", label="Number, public id, item, or words of the error"
    )
    started_from = filters.DateFilter(method="fit", label="First day")
    started_to = filters.DateFilter(method="fit", label="Last day")

    class Meta:
        model = LLMCall
        fields: list[str] = []

    def fit(self, queryset, name: str, value):
        return listing.narrowed(queryset, **{name: value})


class ModelCallViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, BaseViewSet):
    """Calls of a language model, as far as one may see them; others are unknown."""

    queryset = LLMCall.objects.none()
    serializer_class = ModelCallSerializer
    permission_classes = [IsAuthenticated]
    pagination_class = CallPages
    filterset_class = CallFilter
    lookup_value_converter = "int"

    def get_queryset(self):
        if getattr(self, "swagger_fake_view", False):
            return LLMCall.objects.none()
        return selectors.visible_calls(self.request.user)

    def get_serializer_class(self):
        return ModelCallDetailSerializer if self.action == "retrieve" else ModelCallSerializer

    def filter_queryset(self, queryset):
        """One call is found by its number alone."""
        return super().filter_queryset(queryset) if self.action == "list" else queryset

    @extend_schema(
        operation_id="model_calls_costs",
        filters=False,
        parameters=[
            CostQuerySerializer,
            OpenApiParameter("by", str, enum=[*costs.GROUPS], default="day"),
        ],
        responses={200: CostReportSerializer},
    )
    @action(detail=False, pagination_class=None, filterset_class=None)
    def costs(self, request):
        """What the calls of some days came to, by day, operation, report, user or provider."""
        asked = CostQuerySerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        period = dict(asked.validated_data)
        calls, by = self.get_queryset(), period.pop("by")
        report = {
            "by": by,
            "lines": costs.lines(calls, by=by, **period),
            "total": costs.total(calls, **period),
            "budgets": costs.budgets_today(request.user),
        }
        return Response(CostReportSerializer(report | period).data)


routes = [("model-calls", ModelCallViewSet, "modelcall")]
