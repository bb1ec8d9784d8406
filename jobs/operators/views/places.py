"""What the operators' pages share: staff alone, their tabs, parts that renew themselves."""

from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.views.generic import TemplateView

PLACES = [
    ("Jobs", "jobs:job_list"),
    ("Workers", "jobs:worker_list"),
    ("Queues", "jobs:queue_list"),
    ("By the clock", "jobs:periodictask_list"),
]


class OperatorMixin(LoginRequiredMixin):
    """Staff only; `place` is the tab that the page belongs to."""

    place = ""

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated and not request.user.is_staff:
            raise PermissionDenied("These pages are for those who run the installation.")
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        tabs = [
            {"label": label, "url": reverse(name), "current": name == self.place}
            for label, name in PLACES
        ]
        return super().get_context_data(tabs=tabs, **kwargs)


class RefreshedView(OperatorMixin, TemplateView):
    """A page that renews its `part` while it is looked at; the part alone for a script."""

    part = ""

    def get_template_names(self):
        return [self.part if self.request.htmx else self.template_name]
