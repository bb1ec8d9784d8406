"""Filters that every list words alike."""

from django import forms
from django_filters import BooleanFilter, NumberFilter
from django_filters.widgets import BooleanWidget
from drf_spectacular.utils import extend_schema_field

CHOICES = (("", "any"), ("true", "yes"), ("false", "no"))


class YesNoWidget(BooleanWidget):
    """A choice of yes, no, or any."""

    def __init__(self, attrs=None):
        super().__init__(attrs)
        self.choices = CHOICES

    def value_from_datadict(self, data, files, name):
        """What can't be read is handed on as it was sent, for the field to refuse."""
        read = super().value_from_datadict(data, files, name)
        return data.get(name) if read is None else read


class YesNoField(forms.NullBooleanField):
    """True, False, or None for neither; a third word is refused."""

    default_error_messages = {"invalid": "“%(value)s” is neither true nor false."}

    def to_python(self, value):
        read = super().to_python(value)
        if read is None and value not in self.empty_values:
            raise forms.ValidationError(
                self.error_messages["invalid"], code="invalid", params={"value": value}
            )
        return read


class YesNo(BooleanFilter):
    """One of two answers, or neither."""

    field_class = YesNoField

    def __init__(self, *args, **options):
        super().__init__(*args, widget=YesNoWidget, **options)


@extend_schema_field({"type": "integer", "minimum": 1})
class IdFilter(NumberFilter):
    """The number of one object; 1.5 is none."""

    field_class = forms.IntegerField

    def __init__(self, *args, **options):
        super().__init__(*args, min_value=1, **options)
