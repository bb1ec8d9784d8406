"""Providers and the order in which they may answer, kept by operators."""

from urllib.parse import urlsplit

from django import forms
from django.contrib import admin
from django.utils import timezone

from llm import conf, prompts, providers
from llm.admin.reading import person
from llm.models import Provider, Route

LONGEST_SECONDS = 3600


def _seconds(usual: float, help_text: str) -> forms.FloatField:
    return forms.FloatField(
        min_value=0.1, max_value=LONGEST_SECONDS, initial=usual, help_text=help_text
    )


def _price(help_text: str) -> forms.DecimalField:
    return forms.DecimalField(
        min_value=0, max_digits=12, decimal_places=4, initial=0, help_text=help_text
    )


class ProviderForm(forms.ModelForm):
    """Says where the key is; the key itself is neither asked for nor shown."""

    base_url = forms.URLField(
        max_length=300,
        assume_scheme="https",
        label="Base URL",
        help_text="Up to and with /v1, as its SDK wants it",
    )
    structured = forms.ChoiceField(
        choices=[(mode, mode) for mode in conf.STRUCTURED_MODES],
        initial="json_schema",
        help_text="The strictest way of keeping an answer to its schema that the endpoint has",
    )
    dialect = forms.ChoiceField(
        choices=[(name, name) for name in conf.DIALECTS],
        help_text="reasoning: for models that take max_completion_tokens and no temperature",
    )
    timeout = _seconds(90, "Seconds for an answer")
    connect_timeout = _seconds(10, "Seconds for a connection")
    price_in = _price("Of a million tokens read")
    price_out = _price("Of a million tokens written")

    class Meta:
        model = Provider
        fields = [
            "name", "base_url", "model", "key_from", "data_note", "enabled", *conf.OF_A_PROVIDER[2:]
        ]  # fmt: skip
        labels = {"rpm": "Requests a minute", "tpm": "Tokens a minute"}

    def clean_name(self):
        name = self.cleaned_data["name"]
        if name in {each.name for each in conf.from_settings()} | {providers.SETTINGS}:
            raise forms.ValidationError("The settings already have a provider of this name.")
        return name

    def clean_base_url(self):
        """Everybody who may see a call sees its endpoint: no password may stand in it."""
        base_url = self.cleaned_data["base_url"]
        parts = urlsplit(base_url)
        if "@" in parts.netloc or parts.query or parts.fragment:
            raise forms.ValidationError("The address alone: no user, password, ? or #.")
        return base_url

    def clean_key_from(self):
        key_from = self.cleaned_data["key_from"]
        if problem := providers.key_problem(key_from):
            raise forms.ValidationError(problem)
        return key_from


@admin.register(Provider)
class ProviderAdmin(admin.ModelAdmin):
    form = ProviderForm
    list_display = ["name", "model", "base_url", "structured", "rpm", "tpm", "enabled", "has_key"]
    list_filter = ["enabled", "structured"]

    @admin.display(description="Key found", boolean=True)
    def has_key(self, provider: Provider) -> bool | None:
        """Nothing where no key is needed."""
        return bool(providers.key_of(provider.key_from)) if provider.key_from else None


class RouteForm(forms.ModelForm):
    class Meta:
        model = Route
        fields = ["operation", "providers", "reason"]

    def clean_operation(self):
        operation = self.cleaned_data["operation"]
        known = sorted({operation for operation, _ in prompts.files()})
        if operation not in {providers.EVERY_OPERATION, *known}:
            raise forms.ValidationError(f"No such operation. There are: *, {', '.join(known)}.")
        return operation

    def clean_providers(self):
        names = self.cleaned_data["providers"]
        if len(set(names)) < len(names):
            raise forms.ValidationError("Name each provider once.")
        if unknown := providers.unknown(names):
            raise forms.ValidationError(f"No such provider: {', '.join(unknown)}.")
        return names


@admin.register(Route)
class RouteAdmin(admin.ModelAdmin):
    """Saving is approving: who saved it, and when, is kept."""

    form = RouteForm
    list_display = ["operation", "providers", "approver", "approved_at", "reason"]
    readonly_fields = ["approver", "approved_at"]

    @admin.display(description="Approved by")
    def approver(self, route: Route) -> str:
        return person(route.approved_by)

    def save_model(self, request, obj, form, change) -> None:
        obj.approved_by, obj.approved_at = request.user.pk, timezone.now()
        super().save_model(request, obj, form, change)
