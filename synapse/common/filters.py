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


class YesNo(BooleanFilter):
    """One of two answers, or neither."""

    def __init__(self, *args, **options):
        super().__init__(*args, widget=YesNoWidget, **options)


@extend_schema_field({"type": "integer", "minimum": 1})
class IdFilter(NumberFilter):
    """The number of one object; 1.5 is none."""

    field_class = forms.IntegerField

    def __init__(self, *args, **options):
        super().__init__(*args, min_value=1, **options)
