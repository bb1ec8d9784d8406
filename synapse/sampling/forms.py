"""Forms of the sampling pages: shape, and the reasons that the services would ask for."""

from django import forms

from synapse.sampling.options import CONFIDENCES, LARGEST, LARGEST_SEED, MOST_PER_ATTRIBUTE
from synapse.sampling.states import BulkDecision, Decision, Method

CHOICES = {"in": Decision.APPROVED, "out": Decision.REJECTED, "clear": None}
LONGEST_KEYS = 200_000
PERCENT = {"min_value": 0, "max_value": 100}
CONFIDENCE_CHOICES = [(each, f"{each} %") for each in CONFIDENCES]


class KeyListField(forms.CharField):
    """Keys, one a line."""

    widget = forms.Textarea(attrs={"rows": 2})

    def __init__(self, **options):
        super().__init__(required=False, max_length=LONGEST_KEYS, **options)

    def prepare_value(self, value):
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value) -> list[str]:
        lines = (line.strip("\r") for line in super().clean(value).split("\n"))
        return list(dict.fromkeys(line for line in lines if line.strip()))


class DrawForm(forms.Form):
    """How to draw; the services say what is wrong with it, by its fields."""

    method = forms.ChoiceField(
        choices=Method.choices,
        help_text="By risk: anomalies, boundaries and clean records, so that each attribute in "
        "scope is exercised. Simple random: every record has the same chance.",
    )
    size = forms.IntegerField(
        min_value=1, max_value=LARGEST, label="Sample size", help_text="How many records to test."
    )
    mix_anomaly = forms.IntegerField(
        **PERCENT, label="Anomalies, %", help_text="Records that break a rule or stand out."
    )
    mix_boundary = forms.IntegerField(
        **PERCENT, label="Boundaries, %", help_text="Records at or next to a limit."
    )
    mix_clean = forms.IntegerField(
        **PERCENT,
        label="Clean, %",
        help_text="Records without any finding. The three add up to 100; only a draw by risk "
        "uses them.",
    )
    per_attribute = forms.IntegerField(
        min_value=1,
        max_value=MOST_PER_ATTRIBUTE,
        label="At least for each attribute",
        help_text="So many records with a reason for every attribute in scope, where they exist.",
    )
    seed = forms.IntegerField(
        min_value=0,
        max_value=LARGEST_SEED,
        help_text="The same seed on the same population draws the same records.",
    )
    confidence = forms.TypedChoiceField(
        choices=CONFIDENCE_CHOICES,
        coerce=int,
        help_text="For what the records drawn at random prove.",
    )
    include_keys = KeyListField(
        label="Records in any case", help_text="One key a line; its parts are joined by |."
    )
    exclude_keys = KeyListField(label="Records never", help_text="One key a line.")
    replace = forms.BooleanField(required=False)

    def __init__(self, *args, drawn: int = 0, **kwargs):
        super().__init__(*args, **kwargs)
        if drawn:
            self.fields["replace"].label = f"Replace the {drawn} samples drawn before"
            self.fields["replace"].help_text = (
                "Decisions on records that are drawn again stay; the others are listed. "
                "Records added by hand stay, unless another population was imported since."
            )
        else:
            del self.fields["replace"]


class SizeForm(forms.Form):
    """How many records a test needs, or what a number of them proves."""

    confidence = forms.TypedChoiceField(choices=CONFIDENCE_CHOICES, coerce=int, initial=95)
    tolerable = forms.DecimalField(
        min_value=0, max_value=100, decimal_places=2, initial=5, label="Tolerable rate, %"
    )
    expected = forms.DecimalField(
        min_value=0, max_value=100, decimal_places=2, initial=0, label="Expected rate, %"
    )
    population = forms.IntegerField(
        required=False,
        min_value=1,
        label="Records in the population",
        help_text="Leave empty for a very large one.",
    )
    records = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=LARGEST,
        label="Or what a sample of so many records proves",
    )

    @classmethod
    def defaults(cls) -> dict:
        """What is computed before anything was asked."""
        return {name: field.initial for name, field in cls.base_fields.items()}


class DecisionForm(forms.Form):
    """One decision; the service asks for the same reason, here it is said by its field."""

    decision = forms.ChoiceField(choices=[(name, name) for name in CHOICES])
    reason = forms.CharField(
        required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )
    lock_version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def clean(self):
        data = super().clean()
        if data.get("decision") == "out" and not data.get("reason", "").strip():
            self.add_error("reason", "Say why this record is not to be tested.")
            # The page moves the focus there.
            self.fields["reason"].widget.attrs["data-focus"] = True
        if "decision" in data:
            data["decision"] = CHOICES[data["decision"]]
        return data


class BulkForm(forms.Form):
    """One decision for the ticked rows, or for every row that the filter finds."""

    decision = forms.ChoiceField(choices=BulkDecision.choices)
    reason = forms.CharField(required=False, max_length=2000)
    matching = forms.BooleanField(required=False)
    item = forms.TypedMultipleChoiceField(required=False, coerce=int)

    def __init__(self, data, **kwargs):
        super().__init__(data, **kwargs)
        # Any number is a fair choice here; the service says which are not of this set.
        self.fields["item"].choices = [(value, value) for value in data.getlist("item")]


class AddForm(forms.Form):
    """A record chosen by a person, named by its number or its key."""

    record_no = forms.IntegerField(
        required=False, min_value=1, label="Record number", help_text="Its place in the file."
    )
    key = forms.CharField(
        required=False, max_length=2000, label="or key", help_text="Its parts are joined by |."
    )
    reason = forms.CharField(
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Why this record is to be tested.",
    )
    population = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def clean(self):
        data = super().clean()
        if not data.get("record_no") and not data.get("key") and not self.errors:
            self.add_error("record_no", "Name the record by its number or by its key.")
        if data.get("record_no") and data.get("key"):
            self.add_error("key", "Name the record by one of the two.")
        return data


class NoteForm(forms.Form):
    note = forms.CharField(
        required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(max_length=4000, widget=forms.Textarea(attrs={"rows": 3}))
