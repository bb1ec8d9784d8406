"""Filters of the pages of model calls, all in the address."""

from collections.abc import Iterable
from datetime import timedelta
from urllib.parse import urlencode

from django import forms
from django.utils import timezone

from llm import listing, prompts, surroundings
from llm.answering import Seen
from llm.costs import GROUPS
from llm.errors import InvalidFilter

DAY = {"type": "date"}
ANY = ("", "Any")
TRUTH = [ANY, ("yes", "Yes"), ("no", "No")]
MOST_DAYS, USUAL_DAYS = 366, 30


def day_field(label: str, *, required: bool = False) -> forms.DateField:
    widget = forms.DateInput(attrs=DAY, format="%Y-%m-%d")
    return forms.DateField(required=required, label=label, widget=widget)


class FilterForm(forms.Form):
    """What stands in the address; what can't be read is passed over, and said."""

    def chosen(self) -> dict:
        """The filters that were given and mean something; the rest are left out."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value not in ("", None)}

    def understood(self) -> dict:
        """The same where rows are taken away; raises InvalidFilter.

        Passing over a filter that can't be read would take more rows than were meant.
        """
        if not self.is_valid():
            raise InvalidFilter(reason=" ".join(self.faults()))
        return self.chosen()

    def faults(self) -> list[str]:
        """What can't be read, each with the name of its filter."""
        return [
            f"{self.fields[name].label or name.capitalize()}: {' '.join(faults)}"
            for name, faults in self.errors.items()
            if name in self.fields
        ]


class CallFilterForm(FilterForm):
    search = forms.CharField(
        required=False,
        max_length=100,
        widget=forms.TextInput(
            attrs={"type": "search", "placeholder": "Number, public id, item or error"}
        ),
    )
    operation = forms.ChoiceField(required=False)
    outcome = forms.ChoiceField(choices=[ANY, *listing.OUTCOMES], required=False)
    started_from = day_field("From")
    started_to = day_field("to")
    data_owner = forms.ChoiceField(required=False, label="Whose data")
    user = forms.CharField(required=False, max_length=150, label="Asked for")
    job = forms.IntegerField(required=False, min_value=1, max_value=listing.LARGEST_KEY)
    provider = forms.ChoiceField(required=False)
    model = forms.ChoiceField(required=False)
    prompt = forms.CharField(required=False, max_length=40, label="Prompt version")
    cached = forms.TypedChoiceField(
        choices=TRUTH, required=False, coerce="yes".__eq__, empty_value=None, label="From the cache"
    )
    simulated = forms.TypedChoiceField(
        choices=TRUTH, required=False, coerce="yes".__eq__, empty_value=None
    )
    masked = forms.TypedChoiceField(
        choices=TRUTH, required=False, coerce="yes".__eq__, empty_value=None
    )
    sort = forms.ChoiceField(
        choices=[(name, name) for name in listing.ORDERS],
        required=False,
        widget=forms.HiddenInput,
    )
    # Those of daily use stand in the bar, the others behind a summary.
    SELDOM = (
        "data_owner",
        "user",
        "job",
        "provider",
        "model",
        "prompt",
        "cached",
        "simulated",
        "masked",
    )

    def __init__(self, data, *, user, seen: Iterable[Seen]):
        super().__init__(data)
        seen = list(seen)
        models = {each.asked for each in seen} | {each.returned for each in seen}
        self._offer("operation", {operation for operation, _ in prompts.files()})
        self._offer("provider", {each.provider for each in seen})
        self._offer("model", models - {""})
        whose = surroundings.current().data_owner_choices(user)
        self.fields["data_owner"].choices = [ANY, *whose]

    def _offer(self, name: str, values: set[str]) -> None:
        """The choices; of operations also one that no prompt is of any more."""
        asked = self.data.get(name, "")
        named = name == "operation" and 0 < len(asked) <= 100 and asked.isprintable()
        kept = {asked} if named else set()
        self.fields[name].choices = [ANY, *((each, each) for each in sorted(values | kept))]

    def often(self) -> list:
        return [self[name] for name in self.fields if name not in self.SELDOM and name != "sort"]

    def seldom(self) -> list:
        return [self[name] for name in self.SELDOM]

    def is_narrow(self) -> bool:
        """Whether one of the seldom ones is set, so that it is shown."""
        return any(self.data.get(name) for name in self.SELDOM)


class CostForm(FilterForm):
    """A period of at most a year, and by what its calls are added up."""

    by = forms.ChoiceField(choices=[(name, group.label) for name, group in GROUPS.items()])
    started_from = day_field("From", required=True)
    started_to = day_field("to", required=True)

    def clean(self):
        data = super().clean()
        first, last = data.get("started_from"), data.get("started_to")
        if first and last and first > last:
            self.add_error("started_from", "The first day lies after the last.")
        elif first and last and (last - first).days >= MOST_DAYS:
            self.add_error("started_from", f"At most {MOST_DAYS} days at a time.")
        return data

    def asked(self) -> dict:
        """by, started_from and started_to; as usual where the address can't be read."""
        if self.is_valid():
            return self.cleaned_data
        usual = CostForm(usual_data())
        usual.is_valid()
        return usual.cleaned_data


def usual_data() -> dict:
    """The last days, by day."""
    today = timezone.localdate()
    first = today - timedelta(days=USUAL_DAYS - 1)
    return {"by": "day", "started_from": first.isoformat(), "started_to": today.isoformat()}


def address(chosen: dict, **changes) -> str:
    """Chosen filters as they stand in an address, some of them changed; without a "?"."""
    words = {True: "yes", False: "no"}
    values = (chosen | changes).items()
    return urlencode(
        {
            name: words.get(value, value) if isinstance(value, bool) else value
            for name, value in values
            if value not in ("", None)
        }
    )
