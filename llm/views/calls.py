"""The record of model calls: the list, and one call."""

from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404
from django.views.generic import DetailView, ListView

from llm import selectors


class CallListView(LoginRequiredMixin, ListView):
    template_name = "llm/call_list.html"
    paginate_by = 50

    def get_queryset(self):
        return selectors.visible_calls(self.request.user)


class CallDetailView(LoginRequiredMixin, DetailView):
    """One call; a foreign one is not found."""

    template_name = "llm/call_detail.html"
    context_object_name = "call"

    def get_object(self, queryset=None):
        call = selectors.visible_calls(self.request.user).filter(pk=self.kwargs["pk"]).first()
        if call is None:
            raise Http404("No such call")
        return call
