"""Providers and the order in which they may answer, kept by operators."""

from django import forms
from django.contrib import admin
from django.utils import timezone

from llm import conf, providers
from llm.models import Provider, Route


class ProviderForm(forms.ModelForm):
    """Says where the key is; the key itself is neither asked for nor shown."""

    base_url = forms.URLField(
        max_length=300, assume_scheme="https", help_text="Up to and with /v1, as its SDK wants it"
    )
    structured = forms.ChoiceField(
        choices=[(mode, mode) for mode in conf.STRUCTURED_MODES], initial="json_schema"
    )
    dialect = forms.ChoiceField(choices=[(name, name) for name in conf.DIALECTS])

    class Meta:
        model = Provider
        fields = ["name", "key_from", "data_note", "enabled", *conf.OF_A_PROVIDER]

    def clean_name(self):
        name = self.cleaned_data["name"]
        if name in {each.name for each in conf.from_settings()} | {providers.SETTINGS}:
            raise forms.ValidationError("The settings already have a provider of this name.")
        return name

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

    def clean_providers(self):
        names = self.cleaned_data["providers"]
        if unknown := providers.unknown(names):
            raise forms.ValidationError(f"No such provider: {', '.join(unknown)}.")
        return names


@admin.register(Route)
class RouteAdmin(admin.ModelAdmin):
    """Saving is approving: who saved it, and when, is kept."""

    form = RouteForm
    list_display = ["operation", "providers", "approved_by", "approved_at", "reason"]
    readonly_fields = ["approved_by", "approved_at"]

    def save_model(self, request, obj, form, change) -> None:
        obj.approved_by, obj.approved_at = request.user.pk, timezone.now()
        super().save_model(request, obj, form, change)
