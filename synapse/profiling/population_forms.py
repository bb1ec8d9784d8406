"""What people fill in on the pages of populations."""

from django import forms
from django.utils.functional import cached_property

from synapse.profiling.columns import AmbiguousName, Names, UnknownName
from synapse.profiling.population import ENCODINGS
from synapse.profiling.population.schema import CSV, PARQUET, XLSX, Reading

DELIMITERS = {",": "comma", ";": "semicolon", "|": "pipe", "\t": "tab", "^": "caret", "~": "tilde"}
QUOTES = {'"': 'double "', "'": "single '", "": "none"}
DECIMALS = {".": "point", ",": "comma"}
LINES = 1_000_000
# What decides where headings and records are; once it changes, those are to be found anew.
STRUCTURE = {"encoding", "delimiter", "quote", "sheet"}
BY_KIND = {
    CSV: ("encoding", "delimiter", "quote", "header", "skip", "trailer", "decimal"),
    XLSX: ("sheet", "header", "skip", "trailer", "decimal"),
    PARQUET: (),
}


class UploadForm(forms.Form):
    file = forms.FileField(
        label="File of records",
        allow_empty_file=True,
        help_text="Delimited text (comma, pipe, semicolon, tab), XLSX or Parquet, one record a "
        "line. Encoding, separator, headings and lines above and below are found, and shown "
        "before anything is imported.",
    )


class ReadingForm(forms.Form):
    """How the file is read, as detected or as the tester says."""

    encoding = forms.ChoiceField(label="Encoding", choices=[(name, name) for name in ENCODINGS])
    delimiter = forms.ChoiceField(label="Separator")
    quote = forms.ChoiceField(label="Quotation marks", required=False)
    sheet = forms.ChoiceField(label="Sheet")
    header = forms.BooleanField(label="The first line has headings", required=False)
    skip = forms.IntegerField(label="Lines above to pass over", min_value=0, max_value=LINES)
    trailer = forms.IntegerField(label="Lines below to pass over", min_value=0, max_value=LINES)
    decimal = forms.ChoiceField(label="Decimal sign", choices=list(DECIMALS.items()))
    expected = forms.IntegerField(widget=forms.HiddenInput)
    shown = forms.JSONField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, reading: Reading, **options):
        super().__init__(*args, **options)
        self.reading = reading
        for name in set(Reading.CHANGEABLE) - set(BY_KIND[reading.kind]):
            del self.fields[name]
        self._choose("encoding", {name: name for name in ENCODINGS}, reading.encoding)
        self._choose("delimiter", DELIMITERS, reading.delimiter)
        self._choose("quote", QUOTES, reading.quote)
        self._choose("sheet", {name: name for name in reading.sheets}, reading.sheet)
        for name, value in values_of(reading).items():
            self.fields[name].initial = value
        self.fields["shown"].initial = values_of(reading)

    def _choose(self, name: str, known: dict[str, str], present: str) -> None:
        if name in self.fields:
            choices = known if present in known else {present: present, **known}
            self.fields[name].choices = list(choices.items())

    def clean_shown(self) -> dict:
        """How the file was read when its columns were shown; what isn't said was as detected."""
        shown, known = self.cleaned_data["shown"], values_of(self.reading)
        if shown is not None and not isinstance(shown, dict):
            raise forms.ValidationError("Reload the page: it was sent incomplete.")
        fitting = {name: value for name, value in (shown or {}).items()
                   if name in known and type(value) is type(known[name])}  # fmt: skip
        return known | fitting

    def touched(self) -> set[str]:
        """What was changed since the columns were shown."""
        shown = self.cleaned_data["shown"]
        return {name for name, value in shown.items() if self.cleaned_data[name] != value}

    def changes(self) -> dict:
        """What is to be read as the form says; the rest is to be detected anew."""
        touched = self.touched()
        kept = touched | STRUCTURE if touched & STRUCTURE else set(Reading.CHANGEABLE)
        return self._given({name: self.cleaned_data[name] for name in values_of(self.reading)
                            if name in kept})  # fmt: skip

    def as_shown(self) -> dict:
        """The reading whose columns were shown."""
        return self._given(self.cleaned_data["shown"])

    def _given(self, values: dict) -> dict:
        # An encoding as detected isn't fixed, so that what was noted about it stays.
        return {name: value for name, value in values.items()
                if name != "encoding" or value != self.reading.encoding}  # fmt: skip


def match_field(position: int) -> str:
    return f"column_{position}"


def values_of(reading: Reading) -> dict:
    """What the form shows of a reading."""
    return {name: getattr(reading, name) for name in BY_KIND[reading.kind]}


class MatchForm:
    """Attributes written beside the columns by any of their names; empty is none.

    A column that nothing was sent of keeps what it holds.
    """

    def __init__(self, sent, columns, attributes):
        self.sent, self.columns, self.names = sent, columns, Names(attributes)

    @cached_property
    def _read(self) -> tuple[dict[int, int | None], dict[int, str]]:
        chosen, errors, taken = {}, {}, {}
        for column in self.columns:
            attribute, text = column.attribute_id, self.sent.get(match_field(column.position))
            if text is not None:
                try:
                    attribute = self.names.attribute_id(text) if text.strip() else None
                except (UnknownName, AmbiguousName) as error:
                    errors[column.position] = error.message
                    continue
            if attribute is not None and attribute in taken:
                errors[column.position] = f"“{taken[attribute]}” already holds this attribute."
            elif attribute is not None:
                taken[attribute] = column.heading
            chosen[column.position] = attribute
        return chosen, errors

    @property
    def chosen(self) -> dict[int, int | None]:
        return self._read[0]

    @property
    def errors(self) -> dict[int, str]:
        return self._read[1]
