"""Filters of the job list, all in the address, and the name under which one is kept."""

from urllib.parse import urlencode

from django import forms

from jobs import conf
from jobs.acting import ACTIONS, MOST
from jobs.errors import InvalidChoice, InvalidFilter
from jobs.listing import ALL, MINE, STATES, SYSTEM
from jobs.models import SavedFilter
from jobs.registry import all_tasks

DAY = {"type": "date"}


class JobFilterForm(forms.Form):
    """Whose is chosen by tabs, so it travels hidden; only staff ask for another's jobs."""

    whose = forms.ChoiceField(
        choices=[(MINE, "Mine"), (ALL, "All"), (SYSTEM, "The system's")],
        required=False,
        widget=forms.HiddenInput,
    )
    search = forms.CharField(
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "Number or words"}),
    )
    status = forms.ChoiceField(choices=[("", "Any"), *STATES], required=False, label="State")
    task = forms.ChoiceField(required=False)
    queue = forms.ChoiceField(required=False)
    owner = forms.CharField(required=False, max_length=150, label="Started by")
    created_from = forms.DateField(
        required=False, label="Created from", widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d")
    )
    created_to = forms.DateField(
        required=False, label="to", widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d")
    )

    def __init__(self, data, *, user, **options):
        super().__init__(data, **options)
        named = [(task.name, task.title) for task in all_tasks()]
        self.fields["task"].choices = [("", "Any"), *sorted(named, key=lambda pair: pair[1])]
        self.fields["queue"].choices = [("", "Any"), *((name, name) for name in conf.QUEUES)]
        if not user.is_staff:
            del self.fields["owner"]

    def chosen(self) -> dict:
        """The filters that were given and mean something; the rest are left out."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    def understood(self) -> dict:
        """The same where rows are acted on or taken away; raises InvalidFilter.

        Passing over a filter that can't be read would take in more rows than were meant.
        """
        if not self.is_valid():
            raise InvalidFilter(reason=" ".join(self.faults()))
        return self.chosen()

    def faults(self) -> list[str]:
        """What can't be read, each with the name of its filter."""
        return [
            f"{self.fields[name].label or name.capitalize()}: {' '.join(faults)}"
            for name, faults in self.errors.items()
        ]

    def words(self) -> list[str]:
        """The chosen filters as people say them: "State: Failed"."""
        said = []
        for name, value in self.chosen().items():
            field = self.fields[name]
            shown = dict(getattr(field, "choices", [])).get(value, value)
            said.append(f"{field.label or name.capitalize()}: {shown}")
        return said


def address(chosen: dict, **changes) -> str:
    """Chosen filters as they stand in an address, some of them changed; without a "?"."""
    return urlencode({name: value for name, value in (chosen | changes).items() if value})


class BulkForm(forms.Form):
    """Something to do to the ticked jobs, or to every job that the filter finds."""

    action = forms.ChoiceField(choices=[(name, name) for name in ACTIONS])
    matching = forms.BooleanField(required=False)
    item = forms.TypedMultipleChoiceField(required=False, coerce=int)
    sure = forms.BooleanField(required=False)

    def __init__(self, data):
        super().__init__(data)
        # Any number is a fair choice here; what there is no job of is told with the results.
        self.fields["item"].choices = [(each, each) for each in data.getlist("item")]

    def clean(self):
        data = super().clean()
        items = data.get("item", [])
        if not items and not data.get("matching"):
            raise forms.ValidationError("Tick the jobs that you mean.")
        if len(items) > MOST:
            raise forms.ValidationError(f"At most {MOST} jobs at a time.")
        return data

    def understood(self) -> dict:
        """What was asked for; raises InvalidChoice with the reason."""
        if not self.is_valid():
            faults = [fault for listed in self.errors.values() for fault in listed]
            raise InvalidChoice(reason=" ".join(faults))
        return self.cleaned_data | {"action": ACTIONS[self.cleaned_data["action"]]}


class SavedFilterForm(forms.ModelForm):
    """A name for a filter; that it is free, and that there is room, says `saved`."""

    class Meta:
        model = SavedFilter
        fields = ["name"]
        widgets = {"name": forms.TextInput(attrs={"autofocus": True})}
