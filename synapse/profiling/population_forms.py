"""What people fill in on the pages of populations."""

from django import forms
from django.utils.functional import cached_property

from synapse.profiling.columns import AmbiguousName, Names, UnknownName
from synapse.profiling.population import ENCODINGS
from synapse.profiling.population.schema import CSV, PARQUET, XLSX, Reading

DELIMITERS = {",": "comma", ";": "semicolon", "|": "pipe", "\t": "tab", "^": "caret", "~": "tilde"}
QUOTES = {'"': 'double "', "'": "single '", "": "none"}
LINES = 1_000_000
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
    decimal = forms.ChoiceField(label="Decimal sign", choices=[(".", "point"), (",", "comma")])
    expected = forms.IntegerField(widget=forms.HiddenInput)
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    def __init__(self, *args, reading: Reading, **options):
        super().__init__(*args, **options)
        self.reading = reading
        for name in set(Reading.CHANGEABLE) - set(BY_KIND[reading.kind]):
            del self.fields[name]
        self._choose("encoding", {name: name for name in ENCODINGS}, reading.encoding)
        self._choose("delimiter", DELIMITERS, reading.delimiter)
        self._choose("quote", QUOTES, reading.quote)
        self._choose("sheet", {name: name for name in reading.sheets}, reading.sheet)
        for name in BY_KIND[reading.kind]:
            self.fields[name].initial = getattr(reading, name)

    def _choose(self, name: str, known: dict[str, str], present: str) -> None:
        if name in self.fields:
            choices = known if present in known else {present: present, **known}
            self.fields[name].choices = list(choices.items())

    def changes(self) -> dict:
        """What is to be read otherwise than the file is read now."""
        return {
            name: self.cleaned_data[name]
            for name in BY_KIND[self.reading.kind]
            if self.cleaned_data[name] != getattr(self.reading, name)
        }


class MatchForm:
    """Attributes written beside the columns by any of their names; empty is none."""

    def __init__(self, sent, columns, attributes):
        self.sent, self.columns, self.names = sent, columns, Names(attributes)

    @staticmethod
    def field(position: int) -> str:
        return f"column_{position}"

    @cached_property
    def _read(self) -> tuple[dict[int, int | None], dict[int, str]]:
        chosen, errors, taken = {}, {}, {}
        for column in self.columns:
            text = self.sent.get(self.field(column.position), "").strip()
            try:
                attribute = self.names.attribute_id(text) if text else None
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
