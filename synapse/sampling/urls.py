"""Addresses of sampling's pages."""

app_name = "sampling"
urlpatterns = []
