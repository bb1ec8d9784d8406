"""The accounts app."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "synapse.accounts"
    label = "accounts"
