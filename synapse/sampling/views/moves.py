"""The moves of a sample set: what each does is said first, and confirmed by a second press."""

from django import forms as django_forms
from django.contrib import messages
from django.shortcuts import redirect

from synapse.common.errors import NotAllowed
from synapse.common.views import ServiceFormView
from synapse.cycles import rules as cycle_rules
from synapse.cycles.services import approval
from synapse.sampling import forms, page, selectors
from synapse.sampling.views.base import SampleSetMixin


class MoveView(SampleSetMixin, ServiceFormView):
    """A move of the version, open only to whoever may make it."""

    template_name = "sampling/sampleset_command.html"
    form_class = forms.NoteForm
    heading = intro = submit = done = ""
    danger = False
    is_decision = False
    service = None

    def get(self, request, *args, **kwargs):
        """Whoever can't do it is not shown how; the service refuses the rest by itself."""
        may = cycle_rules.can_approve if self.is_decision else cycle_rules.can_work_on
        if not may(request.user, self.sample_set.cycle_report):
            raise NotAllowed(action=f"{self.submit.lower()} here")
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            **page.frame(self.sample_set.phase),
            version=self.sample_set,
            counts=selectors.counts_of(self.sample_set),
            heading=self.heading.format(version=self.sample_set),
            intro=self.intro,
            submit=self.submit,
            danger=self.danger,
            cancel_url=self.sample_set.get_absolute_url(),
            **kwargs,
        )

    def form_valid(self, form):
        moved = self.service(version=self.sample_set, actor=self.request.user, **form.cleaned_data)
        messages.success(self.request, self.done.format(version=moved))
        return redirect(moved)


class SampleSetSubmitView(MoveView):
    service = staticmethod(approval.submit)
    heading, submit = "Submit {version} for approval", "Submit for approval"
    intro = "The report's owner decides it. Until then nothing of it can be changed."
    done = "{version} was submitted."


class SampleSetApproveView(MoveView):
    service = staticmethod(approval.approve)
    heading, submit, is_decision = "Approve {version}", "Approve", True
    intro = "It can't be changed afterwards, and a version approved before is superseded."
    done = "{version} is approved."


class SampleSetRejectView(MoveView):
    service = staticmethod(approval.reject)
    form_class = forms.ReasonForm
    heading, submit, is_decision, danger = "Reject {version}", "Reject", True, True
    intro = "The tester reads your reason and starts a new version from this one."
    done = "{version} was rejected."


class SampleSetWithdrawView(MoveView):
    service = staticmethod(approval.withdraw)
    form_class = django_forms.Form
    heading, submit = "Withdraw {version}", "Withdraw"
    intro = "It becomes a draft again and leaves the owner's list."
    done = "{version} is a draft again."


class SampleSetReviseView(MoveView):
    service = staticmethod(approval.revise)
    form_class = django_forms.Form
    heading, submit = "Make changes to {version}", "Start a new version"
    intro = "A new draft begins with these samples and decisions; this version stays as it is."
    done = "{version} was started."
