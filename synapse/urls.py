"""Every address of the product: pages, API under /api/v1/, admin."""

from importlib import import_module

from csp.constants import UNSAFE_INLINE
from csp.decorators import csp_update
from django.contrib import admin
from django.urls import include, path
from django.views.generic import TemplateView
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.routers import SimpleRouter

PAGES = {
    "": "synapse.cycles.urls",
    "accounts/": "synapse.accounts.urls",
    "audit/": "synapse.audit.urls",
    "plans/": "synapse.planning.urls",
    "profiling/": "synapse.profiling.urls",
    "scopes/": "synapse.scoping.urls",
    "samples/": "synapse.sampling.urls",
    "jobs/": "jobs.urls",
    "model-calls/": "llm.urls",
    "metrics": "jobs.scraping",
}
APIS = [
    "jobs.api",
    "llm.api",
    "synapse.audit.api",
    "synapse.accounts.api",
    "synapse.cycles.api",
    "synapse.planning.api",
    "synapse.profiling.api",
    "synapse.scoping.api",
    "synapse.sampling.api",
]


def api_patterns() -> list:
    """Routes and paths that each app's `api` module declares."""
    router = SimpleRouter(use_regex_path=False)
    paths = []
    for module in map(import_module, APIS):
        for prefix, viewset, basename in getattr(module, "routes", []):
            router.register(prefix, viewset, basename)
        paths += getattr(module, "paths", [])
    schema = path("schema/", SpectacularAPIView.as_view(), name="schema")
    # Swagger UI styles elements inline; everywhere else the policy forbids it.
    styled = csp_update({"style-src": [UNSAFE_INLINE]})
    docs = styled(SpectacularSwaggerSplitView.as_view(url_name="api:schema"))
    return [*router.urls, *paths, schema, path("docs/", docs, name="docs")]


urlpatterns = [
    path("admin/", admin.site.urls),
    path("help/", TemplateView.as_view(template_name="help.html"), name="help"),
    path("api/v1/", include((api_patterns(), "api"))),
    *[path(prefix, include(name)) for prefix, name in PAGES.items()],
]

handler400 = "synapse.common.failures.bad_request"
handler403 = "synapse.common.failures.permission_denied"
handler404 = "synapse.common.failures.not_found"
handler500 = "synapse.common.failures.server_error"
