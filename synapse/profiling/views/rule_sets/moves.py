"""The moves of a rule set: what each does is said first, and confirmed by a second press."""

from django.contrib import messages
from django.shortcuts import redirect

from synapse.common.errors import NotAllowed
from synapse.common.views import ServiceFormView
from synapse.cycles import rules as spine
from synapse.cycles.services import approval
from synapse.planning.forms import ConfirmForm, NoteForm, ReasonForm
from synapse.profiling.selectors import rule_sets as selectors
from synapse.profiling.services import rule_sets
from synapse.profiling.views.rule_sets.base import RuleSetPageMixin


class MoveView(RuleSetPageMixin, ServiceFormView):
    """A move of the version, open only to whoever may make it."""

    template_name = "profiling/rule_confirm.html"
    form_class = NoteForm
    question = effect = submit = done = ""
    danger = False
    shows_counts = False
    move = None
    may = staticmethod(spine.can_work_on)

    def get(self, request, *args, **kwargs):
        """Whoever can't do it is not shown how; the service refuses the rest by itself."""
        if not self.may(request.user, self.rule_set.cycle_report):
            raise NotAllowed(action=f"{self.submit.lower()} here")
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        rule_set = self.rule_set
        cycle_report = rule_set.cycle_report
        return super().get_context_data(
            question=self.question.format(rule_set=rule_set),
            effect=self.effect.format(
                owner=cycle_report.owner, tester=cycle_report.tester, plan=rule_set.plan.number
            ),
            submit=self.submit,
            danger=self.danger,
            counts=selectors.counts(rule_set) if self.shows_counts else None,
            cancel_url=rule_set.get_absolute_url(),
            **kwargs,
        )

    def form_valid(self, form):
        moved = self.run(form.cleaned_data)
        messages.success(self.request, self.done.format(rule_set=moved))
        return redirect(moved)

    def run(self, data):
        return type(self).move(version=self.rule_set, actor=self.request.user, **data)


class RuleSetSubmitView(MoveView):
    move = staticmethod(approval.submit)
    shows_counts = True
    question, submit = "Submit {rule_set} for approval?", "Submit"
    effect = "It can't be changed while {owner} decides. Only the rules that are switched on run."
    done = "{rule_set} was submitted."


class RuleSetWithdrawView(MoveView):
    form_class = ConfirmForm
    move = staticmethod(approval.withdraw)
    question, submit = "Withdraw {rule_set}?", "Withdraw"
    effect = "It becomes a draft again, and {owner} no longer has it to decide."
    done = "{rule_set} is a draft again."


class RuleSetApproveView(MoveView):
    move = staticmethod(approval.approve)
    shows_counts = True
    may = staticmethod(spine.can_approve)
    question, submit = "Approve {rule_set}?", "Approve"
    effect = "It is sealed: neither you nor {tester} can change it afterwards. Its rules may run."
    done = "{rule_set} was approved."


class RuleSetRejectView(MoveView):
    form_class = ReasonForm
    move = staticmethod(approval.reject)
    may = staticmethod(spine.can_approve)
    question, submit, danger = "Reject {rule_set}?", "Reject", True
    effect = "{tester} gets your reason and can revise it in a new version."
    done = "{rule_set} was rejected."


class RuleSetReviseView(MoveView):
    form_class = ConfirmForm
    move = staticmethod(approval.revise)
    question, submit = "Make changes to {rule_set}?", "Begin a new version"
    effect = "A new draft is begun with a copy of its rules. This version stays as it is."
    done = "{rule_set} was begun."


class PlanTakeOverView(MoveView):
    form_class = ConfirmForm
    question, submit = "Take the approved plan into {rule_set}?", "Take over the plan"
    effect = (
        "It reads version {plan} of the plan now. The rules stay; those about fields that the "
        "approved plan lacks are shown, and are mended or switched off before it is submitted."
    )
    done = "{rule_set} reads the approved plan now."

    def run(self, data):
        return rule_sets.take_over_plan(rule_set=self.rule_set, actor=self.request.user)
