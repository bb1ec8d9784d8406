"""What people fill in on the pages of rule sets."""

import json
from typing import Any

from django import forms
from django.http import QueryDict
from rest_framework.exceptions import ParseError

from synapse.common import parsing
from synapse.profiling.builtin_rules import Fit
from synapse.profiling.rule_panel import pretty
from synapse.profiling.rule_states import RuleKind, Severity

MOST_COLUMNS_TEXT = 20_000


class ColumnsField(forms.CharField):
    """Column names, separated by | or, where no name has one, by commas."""

    def __init__(self, **options):
        super().__init__(max_length=MOST_COLUMNS_TEXT, **options)
        self.known: frozenset[str] = frozenset()

    def prepare_value(self, value):
        return " | ".join(value) if isinstance(value, list) else value

    def clean(self, value):
        text = super().clean(value)
        sign = "|" if "|" in text else ","
        names = [text] if text in self.known else text.split(sign)
        return [name.strip() for name in names if name.strip()]


class ParametersField(forms.CharField):
    """A JSON object; nothing is an empty one."""

    def prepare_value(self, value):
        return pretty(value) if isinstance(value, dict) else value

    def clean(self, value):
        text = super().clean(value)
        if not text:
            return {}
        try:
            data = json.loads(text, parse_constant=_refuse)
        except json.JSONDecodeError as error:
            raise forms.ValidationError(
                f"This is no JSON: line {error.lineno}, column {error.colno}: {error.msg}."
            ) from None
        except (ValueError, RecursionError):
            raise forms.ValidationError("This JSON has a number or a depth without end.") from None
        if not isinstance(data, dict):
            raise forms.ValidationError('Write an object in braces, as in {"min": 0}.')
        try:
            parsing.check(data)
        except ParseError as error:
            raise forms.ValidationError(str(error.detail)) from None
        return data


class RuleForm(forms.Form):
    """All that a tester may say of a rule."""

    rule_id = forms.CharField(label="Id", max_length=120)
    kind = forms.ChoiceField(label="Kind", choices=RuleKind.choices)
    attributes = ColumnsField(
        label="Attributes",
        help_text="Names of columns as the plan has them, separated by a comma; by | where a name "
        "has a comma in it.",
    )
    parameters = ParametersField(
        label="Parameters",
        required=False,
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false"}),
        help_text="JSON, as the kind needs it; the examples below show each.",
    )
    severity = forms.ChoiceField(
        label="Severity", choices=Severity.choices, initial=Severity.MEDIUM
    )
    enabled = forms.BooleanField(label="Switched on", required=False, initial=True)
    description = forms.CharField(
        label="Description", required=False, max_length=4000, widget=forms.Textarea({"rows": 3})
    )
    remark = forms.CharField(label="Remark", required=False, max_length=500)
    lock_version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, columns=(), **options):
        super().__init__(*args, **options)
        self.fields["attributes"].known = frozenset(columns)

    def values(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "lock_version"}


class SwitchForm(forms.Form):
    """Several rules on or off: the ticked ones, or all that the filter finds."""

    enabled = forms.TypedChoiceField(
        choices=[("true", "on"), ("false", "off")], coerce=lambda text: text == "true"
    )
    matching = forms.BooleanField(required=False)
    item = forms.TypedMultipleChoiceField(required=False, coerce=int)

    def __init__(self, data: QueryDict, **options):
        super().__init__(data, **options)
        # Any number is a fair choice here; the service says which are not of this version.
        numbers = [value for value in data.getlist("item") if value.isdecimal() and len(value) < 19]
        self.fields["item"].choices = [(value, value) for value in numbers]


class ImportForm(forms.Form):
    file = forms.FileField(
        label="Rule file",
        allow_empty_file=True,
        help_text="CSV, XLSX or JSON, a rule a row: its id, attributes, kind and parameters, or an "
        "expression. What is exported here can be imported again. A rule whose id is there "
        "already is renewed.",
    )


class ProposeForm(forms.Form):
    """What proposals are tried on, and whether the shipped rules come with them."""

    population = forms.TypedChoiceField(
        label="Tried on",
        coerce=int,
        help_text="Each proposal is counted over these records before it is switched on or off.",
    )
    builtin = forms.BooleanField(required=False, initial=True)

    def __init__(self, *args, populations, fit: Fit | None, **options):
        super().__init__(*args, **options)
        self.fields["population"].choices = [
            (each.pk, f"{each.name} ({each.row_count:,} records)") for each in populations
        ]
        if not populations:
            del self.fields["population"]
        if fit is None:
            del self.fields["builtin"]
        else:
            self.fields["builtin"].label = f"Add the shipped rules: {fit.builtin.name}"
            self.fields["builtin"].help_text = (
                f"{len(fit.rules())} rules; {fit.percent} % of the fields that they name are in "
                "the plan."
            )


def _refuse(word: str):
    raise ValueError(word)


def at_fields(faults: list[dict[str, str]]) -> list[dict[str, str]]:
    """Faults in a rule by the field of the form, the place within it put into words."""
    told = []
    for fault in faults:
        name, *inner = fault["pointer"].strip("/").split("/")
        place = " → ".join(step for step in inner if not step.isdecimal())
        detail = f"{place}: {fault['detail']}" if place else fault["detail"]
        told.append({**fault, "pointer": f"/{name}", "detail": detail})
    return told
