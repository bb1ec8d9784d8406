"""Filters of the job list, all in the address."""

from django import forms

from jobs.registry import all_tasks
from jobs.states import Status

LIVE = "live"
TROUBLED = "troubled"
STATES = [
    ("", "Any"),
    (LIVE, "Under way"),
    *Status.choices,
    (TROUBLED, "With failed items"),
]
MINE, ALL = "mine", "all"


class JobFilterForm(forms.Form):
    """Whose is chosen by tabs, so it travels hidden."""

    whose = forms.ChoiceField(
        choices=[(MINE, "Mine"), (ALL, "All")], required=False, widget=forms.HiddenInput
    )
    status = forms.ChoiceField(choices=STATES, required=False, label="State")
    task = forms.ChoiceField(required=False, label="Task")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        named = [(task.name, task.title) for task in all_tasks()]
        self.fields["task"].choices = [("", "Any"), *sorted(named, key=lambda pair: pair[1])]

    def chosen(self) -> dict[str, str]:
        """The filters that were given and mean something; the rest are left out."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}
