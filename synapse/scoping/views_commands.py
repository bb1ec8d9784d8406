"""What people do with a scope from its pages; each view calls one service."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.generic import FormView, View

from synapse.common.errors import Invalid, NotAllowed
from synapse.common.views import filtered
from synapse.cycles import rules as cycle_rules
from synapse.cycles.services import approval
from synapse.scoping import forms, page, selectors, tasks
from synapse.scoping.services import decisions, drafting
from synapse.scoping.states import Decision
from synapse.scoping.views import PhaseView, ScopeMixin


class ScopeStartView(PhaseView):
    http_method_names = ["post"]

    def post(self, request, pk):
        return redirect(drafting.start_scope(phase=self.phase, actor=request.user))


class ItemDecideView(ScopeMixin, View):
    """One decision. htmx gets the panel with the row and the figures beside it."""

    def post(self, request, pk, item_pk):
        form = forms.DecisionForm(request.POST, item=self.item)
        if not form.is_valid():
            return self.show(form, status=422)
        item = decisions.decide(
            item=self.item,
            actor=request.user,
            in_scope=form.cleaned_data["in_scope"],
            reason=form.cleaned_data["reason"],
            lock_version=form.cleaned_data["lock_version"],
        )
        if not request.htmx:
            return redirect(self.back_to(item))
        self.item = selectors.panel_item(self.scope, item.pk)
        return self.show(None, decided=True)

    def show(self, form, status: int = 200, decided: bool = False) -> HttpResponse:
        context = page.panel(self.scope, self.item, self.request.user, form)
        context["query"] = self.request.POST.get("query", "")
        if not self.request.htmx:
            context |= page.review(self.scope, self.request.user)
            context["version"] = self.scope
            context["filters"] = self.filterset.form
            return render(self.request, "scoping/item_decide.html", context, status=status)
        if decided:
            context |= page.review(self.scope, self.request.user)
            context["decided"] = True
        response = render(self.request, "scoping/_decided.html", context, status=status)
        if decided:
            response["HX-Trigger-After-Settle"] = "scope-decided"
        return response

    def back_to(self, item) -> str:
        query = self.request.POST.get("query", "")
        return item.get_absolute_url() + (f"?{query}" if query else "")


class BulkDecideView(ScopeMixin, View):
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
            scope=self.scope,
            actor=request.user,
            item_ids=ids,
            decision=Decision(data["decision"]),
            reason=data["reason"],
        )
        messages.success(request, f"{count} decisions changed.")
        return redirect(_same_list(request, self.scope))


class RecommendView(ScopeMixin, View):
    def post(self, request, pk):
        form = forms.RecommendForm(request.POST)
        if not form.is_valid():
            raise Invalid(reason="Recommendations come from the model or from rules.")
        job = tasks.start_recommendation(
            scope=self.scope,
            actor=request.user,
            everything=form.cleaned_data["everything"] or None,
            by=form.cleaned_data["by"] or None,
        )
        messages.success(request, f"{job.title} was started. You can go on working.")
        return redirect(self.scope)


class PolicyView(ScopeMixin, FormView):
    form_class = forms.PolicyForm
    template_name = "scoping/scope_command.html"

    def get_initial(self):
        return {"threshold": self.scope.threshold, "top_n": self.scope.top_n}

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            **page.frame(self.scope.phase),
            version=self.scope,
            heading="Policy of the scope",
            intro="Every advice follows the policy at once; decisions stay as they are.",
            submit="Set policy",
            cancel_url=self.scope.get_absolute_url(),
            **kwargs,
        )

    def form_valid(self, form):
        drafting.set_policy(scope=self.scope, actor=self.request.user, **form.cleaned_data)
        messages.success(self.request, "The advice follows the new policy.")
        return redirect(self.scope)


class ScopeCommandView(ScopeMixin, FormView):
    """A move of the version: what it does is said first, and confirmed by a second press."""

    template_name = "scoping/scope_command.html"
    form_class = forms.NoteForm
    heading = intro = submit = done = ""
    danger = False
    is_decision = False

    def get(self, request, *args, **kwargs):
        """Whoever can't do it is not shown how; the service refuses the rest by itself."""
        may = cycle_rules.can_approve if self.is_decision else cycle_rules.can_work_on
        if not may(request.user, self.scope.cycle_report):
            raise NotAllowed(action=f"{self.submit.lower()} here")
        return super().get(request, *args, **kwargs)

    def run(self, scope, actor, **data):
        raise NotImplementedError

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            **page.frame(self.scope.phase),
            version=self.scope,
            metrics=selectors.metrics_of(self.scope),
            heading=self.heading.format(scope=self.scope),
            intro=self.intro,
            submit=self.submit,
            danger=self.danger,
            cancel_url=self.scope.get_absolute_url(),
            **kwargs,
        )

    def form_valid(self, form):
        scope = self.run(self.scope, self.request.user, **form.cleaned_data)
        messages.success(self.request, self.done.format(scope=scope))
        return redirect(scope)


class ScopeSubmitView(ScopeCommandView):
    heading, submit = "Submit {scope} for approval", "Submit for approval"
    intro = "The report's owner decides it. Until then nothing of it can be changed."
    done = "{scope} was submitted."

    def run(self, scope, actor, **data):
        return approval.submit(version=scope, actor=actor, **data)


class ScopeApproveView(ScopeCommandView):
    heading, submit, is_decision = "Approve {scope}", "Approve", True
    intro = "It can't be changed afterwards, and a version approved before is superseded."
    done = "{scope} is approved."

    def run(self, scope, actor, **data):
        return approval.approve(version=scope, actor=actor, **data)


class ScopeRejectView(ScopeCommandView):
    form_class = forms.ReasonForm
    heading, submit, is_decision, danger = "Reject {scope}", "Reject", True, True
    intro = "The tester reads your reason and starts a new version from this one."
    done = "{scope} was rejected."

    def run(self, scope, actor, **data):
        return approval.reject(version=scope, actor=actor, **data)


class PlainCommandView(ScopeCommandView):
    """A command that needs no word beside the press."""

    form_class = forms.forms.Form


class ScopeReviseView(PlainCommandView):
    heading, submit = "Make changes to {scope}", "Start a new version"
    intro = "A new draft begins with these decisions; this version stays as it is."
    done = "{scope} was started."

    def run(self, scope, actor):
        return approval.revise(version=scope, actor=actor)


class ScopeWithdrawView(PlainCommandView):
    heading, submit = "Withdraw {scope}", "Withdraw"
    intro = "It becomes a draft again and leaves the owner's list."
    done = "{scope} is a draft again."

    def run(self, scope, actor):
        return approval.withdraw(version=scope, actor=actor)


class PlanTakeOverView(PlainCommandView):
    heading, submit = "Take the approved plan into {scope}", "Take over the plan"
    intro = (
        "Attributes that the plan did not change keep judgement and decision; new and changed "
        "ones start undecided."
    )
    done = "{scope} reads the approved plan now."

    def run(self, scope, actor):
        return drafting.take_over_plan(scope=scope, actor=actor)


def _same_list(request, scope) -> str:
    """The list the form stood in, with its filters."""
    query = request.GET.urlencode()
    return scope.get_absolute_url() + (f"?{query}" if query else "")
