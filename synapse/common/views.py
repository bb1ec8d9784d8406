"""What pages share: login, the right to be there, forms that keep what was typed, lists."""

from django import forms
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.views.generic import FormView, ListView

from synapse.common.errors import DomainError, Invalid

PAGE_SIZE = 50
FORBIDDEN = 403


def filtered(filterset):
    """The rows that the filters in the address leave, to be taken away or acted on.

    A list shows its filters, and what is wrong with one; here a filter that can't be read is
    refused, because passing it over would take in more rows than were meant. An address without
    filters leaves all rows, also where the filterset was given nothing for it.
    """
    if filterset.is_bound and not filterset.is_valid():
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


class ServiceFormView(PageMixin, FormView):
    """A form whose service may refuse: it comes back as it was filled in, with the reason."""

    def post(self, request, *args, **kwargs):
        form = self.get_form()
        if not form.is_valid():
            return self.form_invalid(form)
        try:
            return self.form_valid(form)
        except DomainError as error:
            if error.http_status == FORBIDDEN:
                raise
            _tell(form, error)
            response = self.form_invalid(form)
            response.status_code = error.http_status
            return response


class ExpectedForm(forms.Form):
    """A form of an object that somebody else may change while it is open."""

    expected = forms.IntegerField(widget=forms.HiddenInput)


def _tell(form, error: DomainError) -> None:
    """Each fault by its field; what belongs to none stands above them."""
    told = [(fault["pointer"].strip("/"), fault["detail"]) for fault in error.errors]
    for name, detail in told:
        form.add_error(name if name in form.fields else None, detail)
    if not told:
        form.add_error(None, error.message)


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
