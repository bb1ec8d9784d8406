"""What people fill in on planning's pages."""

from django import forms

from synapse.common.views import ExpectedForm
from synapse.planning.dictionary.synonyms import ROLES
from synapse.planning.models import Attribute, Document
from synapse.planning.quotes import LONGEST
from synapse.planning.services.editing import stale
from synapse.planning.services.settling import NOTE_LIMIT
from synapse.planning.states import DocumentKind, IssueStatus
from synapse.planning.taking.limits import PAGES

TEXT_ROWS = {"rows": 4}
ACCEPTED = (
    ".csv,.tsv,.tab,.psv,.dat,.xlsx,.xlsm,.xltx,.json,.pdf,.docx,.docm,.md,.markdown,.txt,.text"
)


class NoteForm(forms.Form):
    note = forms.CharField(
        label="Note", required=False, max_length=2000, widget=forms.Textarea(attrs=TEXT_ROWS)
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label="Reason", max_length=2000, widget=forms.Textarea(attrs=TEXT_ROWS)
    )


class ConfirmForm(forms.Form):
    """Nothing to fill in: the button is the answer."""


class UploadForm(forms.Form):
    kind = forms.ChoiceField(label="What it is", choices=DocumentKind.choices)
    file = forms.FileField(
        label="File",
        help_text="Dictionary: CSV, XLSX or JSON. Specification: PDF, DOCX, Markdown or text "
        f"(a PDF of at most {PAGES:,} pages, not scanned, without a password). "
        "Lists of critical data elements and of issues: CSV or XLSX.",
        widget=forms.ClearableFileInput(attrs={"accept": ACCEPTED}),
    )
    name_column = forms.CharField(
        label="Column with the names",
        required=False,
        max_length=200,
        help_text="Only if the headings of a dictionary aren't recognised.",
    )


class CodesField(forms.CharField):
    """A code list as lines of “code = meaning”."""

    def __init__(self, **options):
        super().__init__(widget=forms.Textarea(attrs={"rows": 6}), strip=False, **options)

    def prepare_value(self, value):
        if not isinstance(value, list):
            return value
        return "\n".join(
            f"{entry['code']} = {entry['meaning']}" if entry["meaning"] else entry["code"]
            for entry in value
        )

    def clean(self, value):
        codes, seen = [], set()
        for line in (super().clean(value) or "").splitlines():
            code, _, meaning = (part.strip() for part in line.partition("="))
            if not code and meaning:
                raise forms.ValidationError(f"“{line.strip()}” has no code before the “=”.")
            if code in seen:
                raise forms.ValidationError(f"The code {code} stands there twice.")
            if code:
                seen.add(code)
                codes.append({"code": code, "meaning": meaning})
        return codes


class AttributeForm(forms.ModelForm):
    """All that a tester may say of an attribute."""

    allowed_values = CodesField(
        label="Allowed values", required=False, help_text="One a line: code = meaning."
    )
    static_dynamic = forms.ChoiceField(
        label="Static or dynamic",
        required=False,
        choices=[("", "not stated"), ("static", "static"), ("dynamic", "dynamic")],
    )
    lock_version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Attribute
        fields = [
            "name",
            "technical_name",
            "line",
            "item_code",
            "data_type",
            "length",
            "scale",
            "format",
            "requirement",
            "static_dynamic",
            "allowed_values",
            "description",
            "is_key",
            "is_cde",
        ]
        labels = {
            "is_key": "Part of the key that identifies a record",
            "is_cde": "Critical data element",
            "scale": "Decimals",
        }

    def __init__(self, *args, plan, **kwargs):
        super().__init__(*args, **kwargs)
        self.plan = plan
        self.stored = Attribute(pk=self.instance.pk)
        self.fields["lock_version"].initial = self.instance.lock_version
        if self.instance.pk:
            self.current = Attribute.objects.get(pk=self.instance.pk)

    def clean_name(self):
        name = " ".join(self.cleaned_data["name"].split())
        same = self.plan.attributes.filter(name__iexact=name).exclude(pk=self.instance.pk)
        if same.exists():
            raise forms.ValidationError("The plan already has an attribute of this name.")
        return name

    def clean(self):
        data = super().clean()
        if self.instance.pk and data.get("lock_version") != self.current.lock_version:
            raise forms.ValidationError(stale(self.current).message, code="stale")
        return data

    def _post_clean(self):
        """The service checks and saves; the instance stays as it was read."""

    def values(self) -> dict:
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


class SettleForm(ExpectedForm):
    """A passage that the document does have, or else, of what is unsupported, a person's note."""

    document = forms.ModelChoiceField(
        label="Document", required=False, queryset=Document.objects.none()
    )
    quote = forms.CharField(
        label="Passage, word for word",
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs=TEXT_ROWS),
        help_text="It is looked for in the document; line breaks and spaces may differ.",
    )
    note = forms.CharField(
        label="Note, if no passage says it",
        required=False,
        max_length=NOTE_LIMIT,
        widget=forms.Textarea(attrs=TEXT_ROWS),
        help_text="Why the attribute is right all the same; who approves the plan reads it.",
    )

    def __init__(self, *args, documents, with_note, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["document"].queryset = documents
        if not with_note:
            del self.fields["note"]


class IssueForm(forms.Form):
    issue_id = forms.CharField(label="Issue", max_length=120)
    description = forms.CharField(label="What was wrong", required=False, max_length=4000)
    severity = forms.CharField(label="Severity", required=False, max_length=60)
    status = forms.ChoiceField(label="Status", choices=IssueStatus.choices)


class ColumnsForm(forms.Form):
    """The role of each column of a dictionary, as proposed or as the tester says."""

    sheet = forms.ChoiceField(label="Sheet", required=False)
    schedule = forms.ChoiceField(label="Schedule", required=False)

    def __init__(self, *args, dictionary, **kwargs):
        super().__init__(*args, **kwargs)
        self.dictionary = dictionary
        roles = [("", "leave out"), *((role.code, role.label) for role in ROLES)]
        for column in dictionary.columns:
            if column.heading:
                self.fields[f"column_{column.index}"] = forms.ChoiceField(
                    label=column.heading, choices=roles, required=False, initial=column.role
                )
        self._choose("sheet", [dictionary.table.place, *dictionary.table.other_places])
        self._choose("schedule", dictionary.schedules)
        if dictionary.schedule:
            self.fields["schedule"].initial = dictionary.schedule

    def _choose(self, name: str, options) -> None:
        if len([option for option in options if option]) < 2:
            del self.fields[name]
        else:
            extra = [("", "all")] if name == "schedule" else []
            self.fields[name].choices = extra + [(option, option) for option in options]

    def clean(self):
        data = super().clean()
        taken: dict[str, str] = {}
        for column in self.dictionary.columns:
            role = data.get(f"column_{column.index}")
            if role and role in taken:
                self.add_error(
                    f"column_{column.index}", f"“{taken[role]}” is already read as this."
                )
            elif role:
                taken[role] = column.heading
        return data

    def mapping(self) -> dict[str, str]:
        return {
            self.cleaned_data[f"column_{column.index}"]: column.heading
            for column in self.dictionary.columns
            if self.cleaned_data.get(f"column_{column.index}")
        }
