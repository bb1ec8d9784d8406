"""Addresses of the pages of the phase."""

urlpatterns = []
