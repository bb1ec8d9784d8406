"""Addresses of the pages of populations."""

urlpatterns = []
