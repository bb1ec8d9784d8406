"""Submitting, deciding and revising a plan, each after a question."""

from django.contrib import messages
from django.shortcuts import redirect
from django.views.generic import FormView

from synapse.common.errors import NotAllowed
from synapse.cycles import rules as cycle_rules
from synapse.cycles.services import approval
from synapse.planning.forms import ConfirmForm, NoteForm, ReasonForm
from synapse.planning.views.base import PlanMixin


class PlanMoveView(PlanMixin, FormView):
    """Asks, then makes one move; the service refuses whoever may not."""

    template_name = "planning/confirm.html"
    form_class = NoteForm
    move = None
    question = effect = submit = done = ""
    danger = False
    may = staticmethod(cycle_rules.can_work_on)

    def get(self, request, *args, **kwargs):
        """Whoever can't do it is not shown how; the service refuses the rest by itself."""
        if not self.may(request.user, self.plan.cycle_report):
            raise NotAllowed(action=f"{self.submit.lower()} here")
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        plan = self.plan
        return super().get_context_data(
            question=self.question.format(plan=plan),
            effect=self.effect.format(
                owner=plan.cycle_report.owner, tester=plan.cycle_report.tester
            ),
            submit=self.submit,
            danger=self.danger,
            cancel_url=plan.get_absolute_url(),
            **kwargs,
        )

    def form_valid(self, form):
        plan = type(self).move(version=self.plan, actor=self.request.user, **form.cleaned_data)
        messages.success(self.request, self.done.format(plan=plan))
        return redirect(plan)


class PlanSubmitView(PlanMoveView):
    move = staticmethod(approval.submit)
    question = "Submit {plan} for approval?"
    effect = "It can't be changed while {owner} decides."
    submit = "Submit"
    done = "{plan} was submitted."


class PlanWithdrawView(PlanMoveView):
    form_class = ConfirmForm
    move = staticmethod(approval.withdraw)
    question = "Take {plan} back into draft?"
    effect = "{owner} no longer has it to decide."
    submit = "Take back"
    done = "{plan} is a draft again."


class PlanApproveView(PlanMoveView):
    move = staticmethod(approval.approve)
    may = staticmethod(cycle_rules.can_approve)
    question = "Approve {plan}?"
    effect = "It is sealed: neither you nor {tester} can change it afterwards."
    submit = "Approve"
    done = "{plan} was approved."


class PlanRejectView(PlanMoveView):
    form_class = ReasonForm
    move = staticmethod(approval.reject)
    may = staticmethod(cycle_rules.can_approve)
    question = "Reject {plan}?"
    effect = "{tester} gets your reason and can revise it in a new version."
    submit = "Reject"
    danger = True
    done = "{plan} was rejected."


class PlanReviseView(PlanMoveView):
    form_class = ConfirmForm
    move = staticmethod(approval.revise)
    question = "Revise {plan}?"
    effect = "A new draft is begun with a copy of its attributes. This version stays as it is."
    submit = "Begin a new version"
    done = "{plan} was started."
