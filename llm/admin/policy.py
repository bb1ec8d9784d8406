"""What the policy around calls stands at, and the kill switch."""

from django import forms
from django.contrib import admin, messages

from llm import switch
from llm.admin.reading import ReadOnlyAdmin, person
from llm.models import Budget, Circuit, KillSwitch, RateBucket


@admin.register(Circuit)
class CircuitAdmin(ReadOnlyAdmin):
    list_display = ["provider", "model", "failures", "open_until", "held_until", "last_error"]


@admin.register(RateBucket)
class RateBucketAdmin(ReadOnlyAdmin):
    list_display = ["provider", "model", "requests", "tokens", "filled_at"]


@admin.register(Budget)
class BudgetAdmin(ReadOnlyAdmin):
    list_display = ["name", "spent", "reserved", "ceiling", "changed_at"]
    search_fields = ["name"]


class KillSwitchForm(forms.ModelForm):
    """Stops or allows all calls; stopping asks for the reason that waiting jobs will show."""

    stopped = forms.BooleanField(required=False, label="Stop all model calls")

    class Meta:
        model = KillSwitch
        fields = ["reason"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["stopped"].initial = self.instance.stopped_at is not None

    def clean(self):
        if self.cleaned_data.get("stopped") and not self.cleaned_data.get("reason"):
            self.add_error("reason", "Say why: everybody whose job waits will read it.")
        return self.cleaned_data


@admin.register(KillSwitch)
class KillSwitchAdmin(ReadOnlyAdmin):
    form = KillSwitchForm
    fields = ["stopped", "reason"]
    list_display = ["__str__", "stopped_at", "changed"]

    @admin.display(description="By")
    def changed(self, obj: KillSwitch) -> str:
        return person(obj.changed_by)

    def has_add_permission(self, request) -> bool:
        return request.user.is_superuser and not KillSwitch.objects.exists()

    def has_change_permission(self, request, obj=None) -> bool:
        return request.user.is_superuser

    def save_model(self, request, obj, form, change) -> None:
        if form.cleaned_data["stopped"]:
            switch.stop(actor_id=request.user.pk, reason=form.cleaned_data["reason"])
            self.message_user(request, "No model is called any more.", messages.WARNING)
        else:
            switch.go_on(actor_id=request.user.pk)
            self.message_user(request, "Models are called; waiting jobs look within a minute.")
        obj.pk = 1
        obj.refresh_from_db()

    def construct_change_message(self, request, form, formsets, add=False) -> str:
        """Its history keeps who stopped calls, why, and who let them go on."""
        reason = form.cleaned_data["reason"]
        return f"Stopped: {reason}" if form.cleaned_data["stopped"] else "Went on"
