"""GET /metrics: the engine's figures for who may read them."""

from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.urls import path
from django.utils.crypto import constant_time_compare
from prometheus_client.exposition import choose_encoder
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.permissions import BasePermission
from rest_framework.settings import api_settings
from rest_framework.views import APIView

from jobs import conf
from jobs.metrics import EngineCollector

SCRAPER = "scraper"


class ScraperAuthentication(BaseAuthentication):
    """`Authorization: Bearer <METRICS_TOKEN>`; any other token is left to those of the API."""

    def authenticate(self, request):
        scheme, _, sent = get_authorization_header(request).decode("latin-1").partition(" ")
        token = conf.METRICS_TOKEN
        if not token or scheme.lower() != "bearer" or not constant_time_compare(sent, token):
            return None
        return AnonymousUser(), SCRAPER

    def authenticate_header(self, request) -> str:
        return 'Bearer realm="metrics"'


class MayScrape(BasePermission):
    message = "Only staff, and who sends the token of METRICS_TOKEN, may read the figures."

    def has_permission(self, request, view) -> bool:
        return request.auth == SCRAPER or bool(request.user.is_active and request.user.is_staff)


class MetricsView(APIView):
    """Errors are those of the API; the figures are in the text format that the scraper asks for."""

    schema = None  # no part of the API's document
    authentication_classes = [ScraperAuthentication, *api_settings.DEFAULT_AUTHENTICATION_CLASSES]
    permission_classes = [MayScrape]

    def perform_content_negotiation(self, request, force=False):
        # Only errors are rendered; whatever text a scraper accepts, it can be told of those.
        return super().perform_content_negotiation(request, force=True)

    def get(self, request) -> HttpResponse:
        encode, content_type = choose_encoder(request.headers.get("Accept", ""))
        return HttpResponse(encode(EngineCollector()), content_type=content_type)


urlpatterns = [path("", MetricsView.as_view(), name="metrics")]
