"""The filters that a user has given a name."""

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import QueryDict
from django.shortcuts import redirect
from django.views.generic import DeleteView, FormView, ListView

from jobs import saved
from jobs.errors import FilterNotSaved, NameTaken
from jobs.forms import JobFilterForm, SavedFilterForm, address
from jobs.models import SavedFilter
from jobs.views.listing import JobFilterMixin


class SavedFilterListView(LoginRequiredMixin, ListView):
    """One's own, each in words."""

    template_name = "jobs/savedfilter_list.html"

    def get_queryset(self):
        return saved.saved_filters(self.request.user)

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        for kept in context["object_list"]:
            form = JobFilterForm(QueryDict(kept.query), user=self.request.user)
            kept.words = form.words()
        return context | {"most": saved.MOST}


class SavedFilterCreateView(JobFilterMixin, FormView):
    """Keeps the filters of the address under a name."""

    template_name = "jobs/savedfilter_form.html"
    form_class = SavedFilterForm

    def get_context_data(self, **kwargs):
        filters = self.get_filters()
        back = self.list_address(address(filters.chosen()))
        return super().get_context_data(words=filters.words(), back=back, **kwargs)

    def form_valid(self, form):
        query, name = address(self.get_filters().chosen()), form.cleaned_data["name"]
        try:
            kept = saved.save_filter(owner=self.request.user, name=name, query=query)
        except (NameTaken, FilterNotSaved) as error:
            form.add_error("name", error.message)
            return self.form_invalid(form)
        messages.success(self.request, f"The filter “{kept.name}” is saved.")
        return redirect(self.list_address(kept.query))

    def form_invalid(self, form):
        return self.render_to_response(self.get_context_data(form=form), status=422)


class SavedFilterDeleteView(LoginRequiredMixin, DeleteView):
    """Asks first; the jobs themselves stay as they are."""

    model = SavedFilter
    template_name = "jobs/savedfilter_confirm_delete.html"

    def get_queryset(self):
        return saved.saved_filters(self.request.user)

    def get_success_url(self):
        return redirect("jobs:savedfilter_list").url

    def form_valid(self, form):
        messages.success(self.request, f"The filter “{self.object.name}” is deleted.")
        return super().form_valid(form)
