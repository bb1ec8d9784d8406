"""Filters of the job list that a user has given a name."""

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from jobs.errors import FilterNotSaved, NameTaken
from jobs.models import SavedFilter

MOST = 30
LONGEST = SavedFilter._meta.get_field("query").max_length


def saved_filters(user) -> QuerySet[SavedFilter]:
    """The user's own, by name."""
    return SavedFilter.objects.filter(owner=user.pk)


def save_filter(*, owner, name: str, query: str) -> SavedFilter:
    """Keep these filters under a name; raises NameTaken, or FilterNotSaved with the reason."""
    if not query:
        raise FilterNotSaved(reason="Choose a filter first.")
    if len(query) > LONGEST:
        raise FilterNotSaved(reason="It is too long; search for fewer words.")
    if saved_filters(owner).count() >= MOST:
        raise FilterNotSaved(reason=f"You have {MOST} of them; delete one first.")
    try:
        with transaction.atomic():
            return SavedFilter.objects.create(owner=owner, name=name, query=query)
    except IntegrityError as error:
        raise NameTaken(name=name) from error
