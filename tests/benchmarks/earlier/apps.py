"""An app that exists in this benchmark alone."""

from django.apps import AppConfig


class EarlierConfig(AppConfig):
    name = "tests.benchmarks.earlier"
    label = "earlier"
