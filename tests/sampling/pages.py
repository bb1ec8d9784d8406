"""Addresses of the pages of a sample set."""

from django.urls import reverse

HTMX = {"HX-Request": "true"}


def url(name, sample_set, *args):
    return reverse(f"sampling:{name}", args=[sample_set.pk, *args])
