"""Versions of prompts, to read and to pin."""

from django import forms
from django.contrib import admin

from llm import prompt_versions
from llm.admin.reading import ReadOnlyAdmin
from llm.models import PromptPin, PromptVersion


@admin.register(PromptVersion)
class PromptVersionAdmin(ReadOnlyAdmin):
    list_display = ["operation", "scope", "version", "first_seen_at", "hash", "is_pinned"]
    list_filter = ["operation", "scope"]
    search_fields = ["operation", "version", "text"]

    def changelist_view(self, request, extra_context=None):
        # A version that nobody has used yet can be pinned too.
        prompt_versions.keep_all()
        return super().changelist_view(request, extra_context)

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("pins")

    @admin.display(description="Pinned", boolean=True)
    def is_pinned(self, version: PromptVersion) -> bool:
        return bool(version.pins.all())


class PromptPinForm(forms.ModelForm):
    class Meta:
        model = PromptPin
        fields = ["version", "reason"]

    def clean_reason(self):
        if not self.cleaned_data["reason"].strip():
            raise forms.ValidationError("Say why this version is to be used.")
        return self.cleaned_data["reason"]


@admin.register(PromptPin)
class PromptPinAdmin(admin.ModelAdmin):
    """A pin replaces the earlier one of its prompt; deleting it follows the file again."""

    form = PromptPinForm
    list_display = ["operation", "scope", "version", "pinned_by", "pinned_at", "reason"]
    readonly_fields = ["pinned_by", "pinned_at"]

    def save_model(self, request, obj, form, change) -> None:
        pinned = prompt_versions.pin(
            form.cleaned_data["version"],
            actor_id=request.user.pk,
            reason=form.cleaned_data["reason"],
        )
        obj.pk, obj.operation, obj.scope = pinned.pk, pinned.operation, pinned.scope
