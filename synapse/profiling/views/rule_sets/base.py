"""What the pages of a rule set share: the set the person may see, and its filtered rules."""

from django.db.models import Case, IntegerField, When
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property

from synapse.common.views import PageMixin
from synapse.profiling import rule_page as page
from synapse.profiling.errors.rule_sets import RuleSetNotDraft
from synapse.profiling.models import Rule, RuleSet
from synapse.profiling.rule_filters import RuleFilter
from synapse.profiling.rule_states import Severity
from synapse.profiling.selectors import rule_sets as selectors
from synapse.profiling.services.rule_sets import require_tester

RANKS = [When(severity=name, then=rank) for rank, name in enumerate(Severity.values)]
SORTS = {
    "rule": "rule_id",
    "kind": "kind",
    "severity": Case(*RANKS, output_field=IntegerField()),
    "source": "source",
    "state": "enabled",
}


class RuleSetMixin(PageMixin):
    """One rule set that the person may see."""

    request: HttpRequest

    @cached_property
    def rule_set(self) -> RuleSet:
        rule_sets = selectors.visible_rule_sets(self.request.user)
        return get_object_or_404(rule_sets, pk=self.kwargs["pk"])

    @cached_property
    def filterset(self) -> RuleFilter:
        return RuleFilter(self.request.GET, self.sorted(self.rule_set.rules.all()))

    def sorted(self, rules):
        asked = self.request.GET.get("sort", "")
        column = SORTS.get(asked.removeprefix("-"))
        if column is None:
            return rules.order_by("position", "pk")
        rules = rules.alias(sorted_by=column) if isinstance(column, Case) else rules
        name = "sorted_by" if isinstance(column, Case) else column
        return rules.order_by(f"-{name}" if asked.startswith("-") else name, "position", "pk")

    def get_rule(self, pk: int | str) -> Rule:
        rule = get_object_or_404(self.rule_set.rules, pk=pk)
        rule.version = self.rule_set
        return rule


class RuleSetPageMixin(RuleSetMixin):
    """A page about a rule set beside its detail."""

    def get_context_data(self, **kwargs):
        return super().get_context_data(**page.layout(self.rule_set, self.request.user), **kwargs)


class DraftMixin(RuleSetPageMixin):
    """A page that changes a draft: whoever can't is not shown how; the service refuses the rest."""

    def get(self, request, *args, **kwargs):
        require_tester(request.user, self.rule_set)
        if not self.rule_set.is_draft:
            status = self.rule_set.get_status_display()
            raise RuleSetNotDraft(number=self.rule_set.number, status=status)
        return super().get(request, *args, **kwargs)
