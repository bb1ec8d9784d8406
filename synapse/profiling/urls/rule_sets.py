"""Addresses of the pages of rule sets and their rules."""

urlpatterns = []
