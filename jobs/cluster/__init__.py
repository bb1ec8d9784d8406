"""A Django-Q2 cluster in which any process may be killed at any moment."""
