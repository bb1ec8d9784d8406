"""Forms of the scoping pages: shape, and the reasons that the services would ask for."""

from django import forms

from synapse.scoping.services import decisions
from synapse.scoping.services.drafting import MOST_TOP_N
from synapse.scoping.states import Decision, JudgedBy

CHOICES = {"in": True, "out": False, "clear": None}


class DecisionForm(forms.Form):
    """One decision; the service asks for the same reason, here it is said by its field."""

    decision = forms.ChoiceField(choices=[(name, name) for name in CHOICES])
    reason = forms.CharField(
        required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )
    lock_version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def __init__(self, *args, item, **kwargs):
        self.item = item
        super().__init__(*args, **kwargs)

    def clean(self):
        data = super().clean()
        if "decision" in data:
            data["in_scope"] = CHOICES[data["decision"]]
            why = decisions.reason_due(self.item, data["in_scope"])
            if why and not data.get("reason", "").strip():
                self.add_error("reason", f"Give a reason: {why}.")
                # The page moves the focus there.
                self.fields["reason"].widget.attrs["data-focus"] = True
        return data


class BulkForm(forms.Form):
    """One decision for the ticked rows, or for every row that the filter finds."""

    decision = forms.ChoiceField(choices=Decision.choices)
    reason = forms.CharField(required=False, max_length=2000)
    matching = forms.BooleanField(required=False)
    item = forms.TypedMultipleChoiceField(required=False, coerce=int)

    def __init__(self, data, **kwargs):
        super().__init__(data, **kwargs)
        # Any number is a fair choice here; the service says which are not of this scope.
        self.fields["item"].choices = [(value, value) for value in data.getlist("item")]


class RecommendForm(forms.Form):
    """Which attributes to ask for, and whom."""

    everything = forms.BooleanField(required=False)
    by = forms.ChoiceField(
        required=False,
        choices=[(JudgedBy.MODEL, "model"), (JudgedBy.ESTIMATED, "estimates by rule")],
    )


class PolicyForm(forms.Form):
    threshold = forms.IntegerField(
        min_value=0, max_value=100, help_text="A score at or over it is in scope."
    )
    top_n = forms.IntegerField(
        min_value=0,
        max_value=MOST_TOP_N,
        label="Highest in any case",
        help_text="So many of the highest scores are in scope under any threshold.",
    )


class NoteForm(forms.Form):
    note = forms.CharField(
        required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(max_length=4000, widget=forms.Textarea(attrs={"rows": 3}))
