"""The pages of queues: how they stand, how many work on them, whether anything is started."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.views import View
from django.views.generic import FormView

from jobs import queue_control
from jobs.operators import forms, queues
from jobs.operators.views.places import OperatorMixin, RefreshedView


class QueueListView(RefreshedView):
    template_name = "jobs/queue_list.html"
    part = "jobs/_queue_table.html"
    place = "jobs:queue_list"

    def get_context_data(self, **kwargs):
        return super().get_context_data(queues=queues.queue_views(), **kwargs)


class QueueMixin(OperatorMixin):
    place = "jobs:queue_list"

    def dispatch(self, request, *args, **kwargs):
        self.name = kwargs["pk"]
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        queue = queues.queue_view(self.name)
        if queue is None:
            raise Http404("No such queue")
        return super().get_context_data(queue=queue, **kwargs)

    def done(self, text: str):
        messages.success(self.request, text)
        return redirect("jobs:queue_detail", self.name)


class QueueDetailView(QueueMixin, FormView):
    """How it stands, and the number of its workers."""

    template_name = "jobs/queue_detail.html"
    form_class = forms.QueueWorkersForm

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        if not context["form"].is_bound:
            context["form"].initial = {"workers": context["queue"].workers_set}
        return context

    def form_valid(self, form):
        count = None if "reset" in self.request.POST else form.cleaned_data["workers"]
        queue_control.set_workers(
            self.name, count, actor=self.request.user, reason=form.cleaned_data["reason"]
        )
        return self.done(
            f"Queue {self.name}: as many workers as started."
            if count is None
            else f"Queue {self.name}: {count} worker{'' if count == 1 else 's'} on each host."
        )


class QueuePauseView(QueueMixin, FormView):
    """Asks for the reason, naming the effect; then nothing more of the queue is started."""

    template_name = "jobs/queue_pause.html"
    form_class = forms.ReasonForm

    def form_valid(self, form):
        queue_control.pause_queue(self.name, actor=self.request.user, **form.cleaned_data)
        return self.done(f"Queue {self.name} is paused.")


class QueueResumeView(QueueMixin, View):
    def post(self, request, pk):
        queue_control.resume_queue(pk, actor=request.user)
        return self.done(f"Queue {pk} goes on.")
