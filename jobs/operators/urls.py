"""Addresses of the operators' pages, under those of jobs."""

urlpatterns = []
