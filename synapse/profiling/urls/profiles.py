"""Addresses of the pages of profiles."""

urlpatterns = []
