"""The audit app."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "synapse.audit"
    label = "audit"
