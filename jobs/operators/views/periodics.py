"""The page of what starts by the clock, and what one may do about it."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.views import View
from django.views.generic import FormView

from jobs import periodic
from jobs.models import PeriodicTask
from jobs.operators import forms, periodics
from jobs.operators.views.places import OperatorMixin, RefreshedView


class PeriodicTaskListView(RefreshedView):
    template_name = "jobs/periodictask_list.html"
    part = "jobs/_periodictask_table.html"
    place = "jobs:periodictask_list"

    def get_context_data(self, **kwargs):
        return super().get_context_data(tasks=periodics.periodic_views(), **kwargs)


class PeriodicTaskMixin(OperatorMixin):
    place = "jobs:periodictask_list"

    def row(self) -> PeriodicTask:
        return get_object_or_404(PeriodicTask, pk=self.kwargs["pk"])

    def done(self, text: str):
        messages.success(self.request, text)
        return redirect(self.place)


class PeriodicTaskStartView(PeriodicTaskMixin, View):
    def post(self, request, pk):
        job = periodic.start_now(self.row().task, actor=request.user)
        messages.success(request, f"{job.title}: started besides its schedule.")
        return redirect("jobs:job_detail", job.pk)


class PeriodicTaskStopView(PeriodicTaskMixin, FormView):
    """Asks for the reason, naming the effect; then the clock starts the task no more."""

    template_name = "jobs/periodictask_stop.html"
    form_class = forms.ReasonForm

    def get_context_data(self, **kwargs):
        return super().get_context_data(task=self.row(), **kwargs)

    def form_valid(self, form):
        row = periodic.stop(self.row(), self.request.user, **form.cleaned_data)
        return self.done(f"{row.task} is stopped.")


class PeriodicTaskGoOnView(PeriodicTaskMixin, View):
    def post(self, request, pk):
        row = periodic.go_on(self.row(), request.user)
        return self.done(f"{row.task} goes on at its next slot.")
