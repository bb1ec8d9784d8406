"""The record of model calls: the list, and one call with its prompt and its texts."""

from functools import cached_property

from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone
from django.views import View
from django.views.generic import TemplateView

from llm import answering, exporting, listing, selectors, standing, surroundings, tracing
from llm.forms import CallFilterForm, address

ROWS = 50
# As far as one leafs; whoever looks for more narrows the filter.
MOST = 10_000
PAYLOAD = "llm.view_payload"


class BoundedPaginator(Paginator):
    """Counts and leafs through the first MOST rows: a page never waits for a count of millions."""

    @cached_property
    def count(self) -> int:
        return min(super().count, MOST)


class CallFilterMixin(LoginRequiredMixin):
    """Reads the filters of the address."""

    def read_filters(self) -> CallFilterForm:
        self.seen = answering.models_seen()
        self.visible = selectors.visible_calls(self.request.user)
        return CallFilterForm(self.request.GET, user=self.request.user, seen=self.seen)

    def list_address(self, query: str) -> str:
        url = redirect("llm:call_list").url
        return f"{url}?{query}" if query else url


class CallListView(CallFilterMixin, TemplateView):
    """All calls that one may see."""

    def get_template_names(self):
        # A filter changed by htmx needs the part alone.
        part = self.request.htmx and not self.request.htmx.boosted
        return ["llm/_call_table.html" if part else "llm/call_list.html"]

    def get_context_data(self, **kwargs):
        form = self.read_filters()
        chosen = form.chosen()
        rows = listing.listed_calls(self.visible, **chosen)
        page = BoundedPaginator(rows[: MOST + 1], ROWS).get_page(self.request.GET.get("page"))
        around = surroundings.current()
        return super().get_context_data(
            filters=form,
            page_obj=page,
            facts=self.facts(chosen),
            changes=answering.changes(self.seen),
            obstacles=standing.obstacles(),
            people=around.people({call.owner_id for call in page if call.owner_id}),
            owners=around.data_owners({call.data_owner for call in page if call.data_owner}),
            is_filtered=bool(chosen.keys() - {"sort"}),
            most=MOST,
            most_exported=exporting.MOST,
            **kwargs,
        )

    def facts(self, chosen: dict) -> list[dict]:
        """Figures of today within the filters, each with a link to the rows it counts."""
        within = {
            name: value
            for name, value in chosen.items()
            if name not in ("started_from", "started_to", "outcome", "cached", "sort")
        }
        counts = listing.today(listing.listed_calls(self.visible, **within))
        kinds = [
            ("calls", "calls today", {}, ""),
            ("failed", "without a valid answer", {"outcome": listing.FAILED}, "warn"),
            ("open", "under way", {"outcome": listing.Outcome.OPEN}, ""),
            ("cached", "from the cache", {"cached": True}, ""),
        ]
        today = timezone.localdate().isoformat()
        return [
            {
                "value": counts[name],
                "label": label,
                "url": self.list_address(address(within, started_from=today, **filters)),
                "colour": colour if counts[name] else "",
            }
            for name, label, filters, colour in kinds
        ]


class CallExportView(CallFilterMixin, View):
    """The calls that the filters of the address leave, as a file for a spreadsheet."""

    def get(self, request):
        chosen = self.read_filters().understood()
        return exporting.calls_csv(listing.listed_calls(self.visible, **chosen))


class CallPageMixin(LoginRequiredMixin):
    """One call, as far as this user may know of it: a foreign one is not found."""

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated:
            self.visible = selectors.visible_calls(request.user)
            self.call = self.visible.filter(pk=kwargs["pk"]).first()
            if self.call is None:
                raise Http404("No such call")
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        return super().get_context_data(call=self.call, **kwargs)


class CallDetailView(CallPageMixin, TemplateView):
    template_name = "llm/call_detail.html"

    def get_context_data(self, **kwargs):
        call, user, around = self.call, self.request.user, surroundings.current()
        changed = answering.changes(answering.models_seen())
        return super().get_context_data(
            facts=around.facts(call, user),
            results=around.results(call, user),
            chain=tracing.chain(call, self.visible),
            prompt=tracing.prompt_of(call),
            change=answering.change_of(call, changed),
            may_see_payload=user.has_perm(PAYLOAD),
            **kwargs,
        )


class CallPayloadView(CallDetailView):
    """The same page with what was sent and what came back; each opening is recorded first."""

    http_method_names = ["post"]

    @transaction.atomic
    def post(self, request, pk):
        if not request.user.has_perm(PAYLOAD):
            raise PermissionDenied
        surroundings.current().payload_opened(self.call, request.user)
        self.call.refresh_from_db(fields=selectors.TEXTS)
        response = self.render_to_response(self.get_context_data(shows_payload=True))
        response.headers["Cache-Control"] = "no-store"
        return response


class CallPromptView(CallPageMixin, TemplateView):
    """The prompt as it was when the call was made, before the variables were put in."""

    template_name = "llm/call_prompt.html"

    def get_context_data(self, **kwargs):
        prompt = tracing.prompt_of(self.call)
        if prompt is None:
            raise Http404("The prompt of this call was not kept")
        return super().get_context_data(prompt=prompt, **kwargs)
