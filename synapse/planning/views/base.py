"""What planning's pages share: the plan of the address, and what the layout shows of it."""

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from synapse.common.views import PageMixin
from synapse.cycles.selectors import steps
from synapse.planning import rules, selectors, tasks
from synapse.planning.models import Plan


class PlanMixin(PageMixin):
    """A page of one plan that the person may see."""

    request: HttpRequest

    @property
    def plan(self) -> Plan:
        if not hasattr(self, "_plan"):
            plans = selectors.visible_plans(self.request.user)
            self._plan = get_object_or_404(plans, pk=self.kwargs["pk"])
        return self._plan

    def layout(self) -> dict:
        """What layouts/phase.html needs, and what this person may do."""
        plan, user = self.plan, self.request.user
        job = tasks.latest_job(plan)
        return {
            "plan": plan,
            "version": plan,
            "phase": plan.phase,
            "cycle_report": plan.cycle_report,
            "steps": steps(plan.cycle_report),
            "live_job": job if job and (job.is_live or job.failed or job.error_code) else None,
            "can_edit": rules.can_edit_plan(user, plan),
            "can_decide": rules.can_decide_plan(user, plan),
            "can_withdraw": rules.can_withdraw_plan(user, plan),
            "can_revise": rules.can_revise_plan(user, plan),
        }

    def get_context_data(self, **kwargs):
        return super().get_context_data(**self.layout(), **kwargs)
