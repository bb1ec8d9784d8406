"""Filters that every list words alike."""

from django_filters import BooleanFilter
from django_filters.widgets import BooleanWidget

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
