"""What the tester does with single samples from the pages; each view calls one service."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import cached_property
from django.views.generic import View

from synapse.common.errors import Invalid, NotAllowed
from synapse.common.views import ServiceFormView, filtered
from synapse.sampling import forms, page, rules, selectors, tasks
from synapse.sampling.services import adding, decisions, removing
from synapse.sampling.states import BulkDecision
from synapse.sampling.views.base import SampleSetMixin


class SampleDecideView(SampleSetMixin, View):
    """One decision. htmx gets the panel with the row and the figures beside it."""

    def post(self, request, pk, sample_pk):
        sample, form = self.sample, forms.DecisionForm(request.POST)
        if not form.is_valid():
            if "decision" in form.errors or "lock_version" in form.errors:
                raise Invalid(reason="Say in, out or undecided, and the version you read.")
            return self.show(form, status=422)
        sample = decisions.decide(sample=sample, actor=request.user, **form.cleaned_data)
        if not request.htmx:
            return redirect(self.back_to(sample))
        self.sample = selectors.samples_of(self.sample_set).get(pk=sample.pk)
        return self.show(None, decided=True)

    def show(self, form, status: int = 200, decided: bool = False) -> HttpResponse:
        context = page.panel(self.sample_set, self.sample, self.request.user, form)
        context["query"] = self.request.POST.get("query", "")
        if not self.request.htmx:
            context |= page.review(self.sample_set, self.request.user)
            context["version"] = self.sample_set
            return render(self.request, "sampling/sample_decide.html", context, status=status)
        if decided:
            context |= page.review(self.sample_set, self.request.user)
            context["decided"] = True
        response = render(self.request, "sampling/_decided.html", context, status=status)
        if decided:
            # The page's script opens the next row, as after a decision on scope.
            response["HX-Trigger-After-Settle"] = "scope-decided"
        return response

    def back_to(self, sample) -> str:
        query = self.request.POST.get("query", "")
        return sample.get_absolute_url() + (f"?{query}" if query else "")


class BulkDecideView(SampleSetMixin, View):
    """One decision for the ticked rows, or for all that the filter in the address finds."""

    def post(self, request, pk):
        form = forms.BulkForm(request.POST)
        if not form.is_valid():
            raise Invalid(reason="Choose what to decide.")
        data = form.cleaned_data
        ids = data["item"]
        if data["matching"]:
            ids = filtered(self.filterset).values_list("pk", flat=True)
        count = decisions.decide_many(
            sample_set=self.sample_set,
            actor=request.user,
            sample_ids=ids,
            decision=BulkDecision(data["decision"]),
            reason=data["reason"],
        )
        messages.success(request, f"{count} decisions changed.")
        query = request.GET.urlencode()
        return redirect(self.sample_set.get_absolute_url() + (f"?{query}" if query else ""))


class SampleAddView(SampleSetMixin, ServiceFormView):
    """A record chosen by the tester, with the reason."""

    form_class = forms.AddForm
    template_name = "sampling/sampleset_command.html"

    def get(self, request, *args, **kwargs):
        if not rules.can_work_on_sample_set(request.user, self.sample_set):
            raise NotAllowed(action="add samples here")
        return super().get(request, *args, **kwargs)

    @cached_property
    def refused(self):
        """What was named last and could not be added: it stands in the form again."""
        return tasks.refused_addition(self.sample_set, self.request.user)

    def get_initial(self):
        named = self.refused.arguments if self.refused else {}
        told = {name: named.get(name) for name in ("record_no", "key", "reason")}
        return told | {"population": self.sample_set.population_id}

    def get_context_data(self, **kwargs):
        refused = f"{self.refused.error_message} " if self.refused else ""
        return super().get_context_data(
            **page.frame(self.sample_set.phase),
            version=self.sample_set,
            heading="Add a record",
            intro=f"{refused}A record joins the samples as chosen by hand, apart from what was "
            "drawn: it says nothing of other records. It is looked up in the population by a job. "
            f"The key is {adding.key_label(self.sample_set)}.",
            submit="Add",
            cancel_url=self.sample_set.get_absolute_url(),
            **kwargs,
        )

    def form_valid(self, form):
        tasks.start_addition(
            sample_set=self.sample_set, actor=self.request.user, **form.cleaned_data
        )
        messages.success(self.request, "The record is being looked up.")
        return redirect(self.sample_set)


class SampleRemoveView(SampleSetMixin, View):
    """Takes out a record that was added by hand."""

    http_method_names = ["post"]

    def post(self, request, pk, sample_pk):
        removed = removing.remove_record(sample=self.sample, actor=request.user)
        messages.success(request, f"Record {removed} was removed.")
        return redirect(self.sample_set)
