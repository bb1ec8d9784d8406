"""How rules come into a draft: a version begun, rules proposed, a rule file imported."""

from django.contrib import messages
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import cached_property
from django.views import View

from synapse.common.views import PageMixin, ServiceFormView
from synapse.cycles.phases import PhaseKind
from synapse.cycles.selectors import visible_phases
from synapse.profiling.builtin_rules import best_fit
from synapse.profiling.rule_forms import ImportForm, ProposeForm
from synapse.profiling.selectors.profiles import imported_populations
from synapse.profiling.services.rule_imports import import_rules
from synapse.profiling.services.rule_sets import start_rule_set
from synapse.profiling.tasks.proposing import start_proposal
from synapse.profiling.views.rule_sets.base import DraftMixin


class RuleSetStartView(PageMixin, View):
    """An empty draft; with `propose`, and the job that proposes rules for it."""

    def post(self, request, pk):
        phases = visible_phases(request.user).filter(kind=PhaseKind.PROFILING)
        phase = get_object_or_404(phases, pk=pk)
        with transaction.atomic():
            rule_set = start_rule_set(phase=phase, actor=request.user)
            if "propose" in request.POST:
                start_proposal(rule_set=rule_set, actor=request.user)
        messages.success(request, f"{rule_set} was begun.")
        return redirect(rule_set)


class RuleSetProposeView(DraftMixin, ServiceFormView):
    form_class = ProposeForm
    template_name = "profiling/rule_set_propose.html"

    @cached_property
    def populations(self) -> list:
        return list(imported_populations(self.rule_set.cycle_report))

    def get_initial(self):
        return {"population": self.rule_set.population_id}

    def get_form_kwargs(self):
        fit = best_fit(self.rule_set.plan.attributes.order_by("position", "pk"))
        return super().get_form_kwargs() | {"populations": self.populations, "fit": fit}

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            populations=self.populations, cancel_url=self.rule_set.get_absolute_url(), **kwargs
        )

    def form_valid(self, form):
        data = form.cleaned_data
        chosen = data.get("population")
        start_proposal(
            rule_set=self.rule_set,
            actor=self.request.user,
            population=next((each for each in self.populations if each.pk == chosen), None),
            # None adds the shipped rules where they fit.
            builtin=None if data.get("builtin", True) else False,
        )
        messages.success(self.request, "Proposing was started; you can leave this page.")
        return redirect(self.rule_set)


class RuleSetImportView(DraftMixin, ServiceFormView):
    """A rule file into the draft; what was done with each row is shown at once."""

    form_class = ImportForm
    template_name = "profiling/rule_set_import.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(cancel_url=self.rule_set.get_absolute_url(), **kwargs)

    def form_valid(self, form):
        file = form.cleaned_data["file"]
        result = import_rules(
            rule_set=self.rule_set,
            name=file.name,
            content=file.read(),
            actor=self.request.user,
        )
        context = self.get_context_data(form=form, result=result, file=file.name)
        return render(self.request, "profiling/rule_set_imported.html", context)
