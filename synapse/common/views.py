"""What pages share: login, the right to be there, lists that keep their filters in the address."""

from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.views.generic import ListView

from synapse.common.errors import Invalid

PAGE_SIZE = 50


def filtered(filterset):
    """The rows that the filters in the address leave, to be taken away or acted on.

    A list shows its filters, and what is wrong with one; here a filter that can't be read is
    refused, because passing it over would take in more rows than were meant.
    """
    if not filterset.is_valid():
        errors = [
            {"pointer": f"/{name}", "code": fault["code"] or "invalid", "detail": fault["message"]}
            for name, faults in filterset.errors.get_json_data().items()
            for fault in faults
        ]
        raise Invalid(reason="The filter in the address can't be read.", errors=errors)
    return filterset.qs


class PageMixin(LoginRequiredMixin):
    """A page for people who are logged in and pass `allowed`."""

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated and not self.allowed(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def allowed(self, user) -> bool:
        return True


class FilteredListView(PageMixin, ListView):
    """A list with a django-filter FilterSet in the address; htmx gets the table alone."""

    paginate_by = PAGE_SIZE
    filterset_class = None
    table_template: str
    sortable: dict[str, str] = {}
    """What `?sort=name` and `?sort=-name` may name, and the column it stands for."""

    def base_queryset(self):
        """What this person may see, before filters."""
        return super().get_queryset()

    def get_queryset(self):
        queryset = self.base_queryset()
        if self.filterset_class:
            self.filterset = self.filterset_class(
                self.request.GET or None, queryset, request=self.request
            )
            queryset = self.filterset.qs
        sort = self.request.GET.get("sort", "")
        column = self.sortable.get(sort.removeprefix("-"))
        if column:
            # The key last, so that pages neither repeat nor lose rows of equal value.
            queryset = queryset.order_by(f"-{column}" if sort.startswith("-") else column, "pk")
        return queryset

    def get_template_names(self) -> list[str]:
        part = self.request.headers.get("HX-Target") == "list"
        return [self.table_template] if part else super().get_template_names()

    def get_context_data(self, **kwargs):
        filterset = getattr(self, "filterset", None)
        return super().get_context_data(filters=filterset and filterset.form, **kwargs)
