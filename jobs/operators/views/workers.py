"""The page of workers."""

from django.core.paginator import Paginator

from jobs.operators import workers
from jobs.operators.forms import WorkerFilterForm
from jobs.operators.views.places import RefreshedView
from jobs.templatetags.operating import memory

ROWS = 100


class WorkerListView(RefreshedView):
    template_name = "jobs/worker_list.html"
    part = "jobs/_worker_table.html"
    place = "jobs:worker_list"

    def get_context_data(self, **kwargs):
        form = WorkerFilterForm(self.request.GET)
        chosen = form.chosen()
        rows = workers.listed_workers(**chosen)
        page = Paginator(rows, ROWS).get_page(self.request.GET.get("page"))
        page.object_list = workers.with_jobs(list(page.object_list))
        return super().get_context_data(
            filters=form,
            page_obj=page,
            facts=facts(workers.counts(rows)),
            chosen=chosen,
            **kwargs,
        )


def facts(counts: dict[str, int]) -> list[dict]:
    """The figures on top; a silent worker is what one has to look after."""
    return [
        {"value": counts["alive"], "label": "alive"},
        {"value": counts["busy"], "label": "busy"},
        {"value": counts["silent"], "label": "silent", "colour": "bad" if counts["silent"] else ""},
        {"value": memory(counts["memory"]), "label": "memory in all"},
    ]
