"""Forms of the operators' pages."""

from django import forms

from jobs import conf
from jobs.operators import workers

LONGEST_REASON = 260


class WorkerFilterForm(forms.Form):
    queue = forms.ChoiceField(required=False)
    host = forms.ChoiceField(required=False)
    stopped = forms.BooleanField(required=False, label="With those stopped within a day")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["queue"].choices = [("", "Any"), *((name, name) for name in conf.QUEUES)]
        self.fields["host"].choices = [("", "Any"), *((name, name) for name in workers.hosts())]

    def chosen(self) -> dict:
        """The filters that were given and mean something; the rest are left out."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class QueueWorkersForm(forms.Form):
    workers = forms.IntegerField(
        min_value=1,
        max_value=conf.MOST_WORKERS,
        required=False,
        label="Workers of each host",
        help_text=f"1 to {conf.MOST_WORKERS}; empty for as many as each was started with.",
    )
    reason = forms.CharField(max_length=LONGEST_REASON, required=False)


class ReasonForm(forms.Form):
    reason = forms.CharField(
        max_length=LONGEST_REASON, help_text="Others see it while this lasts, with your name."
    )
