"""Versions of prompts, to read and to pin."""

from django import forms
from django.contrib import admin, messages
from django.http import HttpResponseRedirect

from llm import pins, prompt_versions
from llm.admin.reading import ReadOnlyAdmin, person
from llm.errors import LLMError
from llm.evaluation import gate
from llm.evaluation.errors import PinRefused
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
    """Refuses a version that did worse than the one in use, unless that is overridden."""

    override = forms.BooleanField(
        required=False,
        help_text="Pin it although it did worse, or wasn't evaluated as the one in use was.",
    )
    reason = forms.CharField(
        max_length=300,
        help_text="Why this version is to be used, for its history",
        error_messages={"required": "Say why this version is to be used."},
    )

    class Meta:
        model = PromptPin
        fields = ["version", "reason"]

    def clean(self):
        version = self.cleaned_data.get("version")
        if version and not self.cleaned_data.get("override"):
            try:
                gate.require_no_worse(version)
            except LLMError as error:
                self.add_error("version", error.message)
        return self.cleaned_data


@admin.register(PromptPin)
class PromptPinAdmin(admin.ModelAdmin):
    """A pin replaces the earlier one of its prompt; deleting it follows the file again."""

    form = PromptPinForm
    list_display = [
        "operation", "scope", "version", "pinner", "pinned_at", "reason", "overrides",
    ]  # fmt: skip
    list_filter = ["overrides"]
    readonly_fields = ["pinner", "pinned_at", "overrides"]

    @admin.display(description="Pinned by")
    def pinner(self, pin: PromptPin) -> str:
        return person(pin.pinned_by)

    def get_fields(self, request, obj=None):
        """Of a pin to come there is nothing to read yet."""
        fields = super().get_fields(request, obj)
        return fields if obj else [name for name in fields if name not in self.readonly_fields]

    def changeform_view(self, request, *args, **kwargs):
        prompt_versions.keep_all()
        try:
            return super().changeform_view(request, *args, **kwargs)
        except PinRefused as error:
            # It was evaluated between the check of the form and the pin.
            self.message_user(request, error.message, messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())

    def save_model(self, request, obj, form, change) -> None:
        pinned = pins.pin(
            form.cleaned_data["version"],
            actor_id=request.user.pk,
            reason=form.cleaned_data["reason"],
            override=form.cleaned_data["override"],
        )
        obj.pk, obj.operation, obj.scope = pinned.pk, pinned.operation, pinned.scope
        obj.overrides = pinned.overrides

    def construct_change_message(self, request, form, formsets, add=False) -> str:
        """The pin of tomorrow replaces this one; its history keeps what was pinned, and why."""
        against = " against its evaluation" if form.instance.overrides else ""
        version, reason = form.cleaned_data["version"], form.cleaned_data["reason"]
        return f"Pinned {version}{against}: {reason}"
