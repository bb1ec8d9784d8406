"""What the bar of every page shows of one's work."""

from django.utils.functional import SimpleLazyObject

from synapse.cycles.selectors import todo


def todo_count(request) -> dict[str, object]:
    """Counted when a template asks, so parts of pages cost no query."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    return {"todo_count": SimpleLazyObject(lambda: todo(user).count())}
