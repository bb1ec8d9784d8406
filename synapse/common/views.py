"""What pages share: login, the right to be there, lists that keep their filters in the address."""

from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.views.generic import ListView

PAGE_SIZE = 50


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
