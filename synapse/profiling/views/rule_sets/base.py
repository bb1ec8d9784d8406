"""What the pages of a rule set share: the set the person may see, and its filtered rules."""

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property

from synapse.common.views import PageMixin
from synapse.profiling import rule_page as page
from synapse.profiling.rule_filters import RuleFilter
from synapse.profiling.selectors import rule_sets as selectors


class RuleSetMixin(PageMixin):
    """One rule set that the person may see."""

    request: HttpRequest

    @cached_property
    def rule_set(self):
        rule_sets = selectors.visible_rule_sets(self.request.user)
        return get_object_or_404(rule_sets, pk=self.kwargs["pk"])

    @cached_property
    def filterset(self) -> RuleFilter:
        return RuleFilter(self.request.GET or None, self.rule_set.items())

    def get_context_data(self, **kwargs):
        return super().get_context_data(**page.layout(self.rule_set), **kwargs)
