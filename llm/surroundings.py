"""What the project around the client knows of its calls: whose they are, and who may see them.

The client knows neither users nor jobs. A project registers what it knows once its apps are
ready; without that staff see every call and nobody else sees any.
"""

from collections.abc import Iterable

from django.db.models import Q

from llm.models import LLMCall

# Label, value and address (or "").
Fact = tuple[str, str, str]


class Surroundings:
    """To be subclassed by a project; each method has a plain answer for one without."""

    # What the views of the REST API build on.
    api_view = "rest_framework.viewsets.GenericViewSet"

    def visible(self, user) -> Q:
        """Which calls this user, who is not of the staff, may see."""
        return Q(pk__in=[])

    def people(self, ids: Iterable[int]) -> dict[int, str]:
        """Names of users, by their ids."""
        return {}

    def people_called(self, name: str) -> list[int]:
        """Ids of the users that a filter by this name means."""
        return []

    def data_owners(self, names: Iterable[str]) -> dict[str, str]:
        """What to call whose data was sent, by the names that calls carry."""
        return {}

    def data_owner_choices(self, user) -> list[tuple[str, str]]:
        """(name, label) of whose data this user may ask for."""
        return []

    def facts(self, call: LLMCall, user) -> list[Fact]:
        """The job, the person and the subject of a call, as far as this user may know them."""
        return []

    def results(self, call: LLMCall, user) -> list[Fact]:
        """What came of the call, as far as this user may see it: kind, name and address."""
        return []

    def payload_opened(self, call: LLMCall, user) -> None:
        """Called before the texts of a call are shown to somebody."""


_current = Surroundings()


def register(surroundings: Surroundings) -> None:
    global _current
    _current = surroundings


def current() -> Surroundings:
    return _current
