"""What stands after the question mark: known names with values they can have, or 400."""

from django_filters import BooleanFilter
from django_filters.rest_framework import DjangoFilterBackend
from django_filters.utils import translate_validation
from rest_framework.exceptions import ValidationError

TRUTHS = {"", "true", "false"}
EVERYWHERE = {"format"}
# All of the largest number of a row.
MOST_DIGITS = 18


class StrictFilterBackend(DjangoFilterBackend):
    """A misspelt filter would silently show more than was asked for, so it is refused."""

    def filter_queryset(self, request, queryset, view):
        filterset = self.get_filterset(request, queryset, view)
        known = set(filterset.filters) if filterset else set()
        if getattr(view, "action", "") == "list":
            pages = view.pagination_class
            known |= EVERYWHERE | {pages.cursor_query_param, pages.page_size_query_param}
            refuse_unknown(request, known)
        if filterset:
            check_truths(filterset)
        return super().filter_queryset(request, queryset, view)


def narrowed(filterset_class, request, queryset):
    """The rows that the filters leave, for answers that are no list of pages."""
    filterset = filterset_class(request.query_params, queryset, request=request)
    refuse_unknown(request, EVERYWHERE | set(filterset.filters))
    check_truths(filterset)
    if not filterset.is_valid():
        raise translate_validation(filterset.errors)
    return filterset.qs


def refuse_unknown(request, known: set[str]) -> None:
    names = sorted(set(request.query_params) - known)
    if names:
        told = ", ".join(sorted(known))
        raise ValidationError({name: f"No such parameter; there are {told}." for name in names})


def check_truths(filterset) -> None:
    """The widgets of yes/no filters take any word for an answer; programs get told."""
    wrong = {
        name: "Say true or false."
        for name, each in filterset.filters.items()
        if isinstance(each, BooleanFilter)
        and str(filterset.data.get(name, "")).lower() not in TRUTHS
    }
    if wrong:
        raise ValidationError(wrong)


def number_in(text: str | None) -> int | None:
    """The number of a row or version that an address or a form names; None where it names none."""
    told = text or ""
    return int(told) if told.isdecimal() and len(told) <= MOST_DIGITS else None
