"""Addresses of profiling's pages."""

app_name = "profiling"
urlpatterns = []
