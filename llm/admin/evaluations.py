"""Evaluations of prompts and models, to read and to hold side by side."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html

from llm.admin.reading import ReadOnlyAdmin, person
from llm.evaluation import keeping, report
from llm.evaluation.comparison import compare
from llm.evaluation.errors import NotComparable
from llm.evaluation.statistics import share_text
from llm.models import Evaluation


@admin.register(Evaluation)
class EvaluationAdmin(ReadOnlyAdmin):
    list_display = [
        "id", "finished_at", "golden", "prompt_version", "provider", "names_recall", "simulated",
        "decides",
    ]  # fmt: skip
    list_filter = ["operation", "golden", "provider", "prompt_version", "simulated"]
    fields = [
        "operation", "said", "failures", "decides", "golden_hash", "prompt_scope", "prompt_hash",
        "schema_hash", "runner", "started_at", "finished_at",
    ]  # fmt: skip
    actions = ["compare"]

    def get_urls(self):
        page = self.admin_site.admin_view(self.compare_view)
        own = path("<int:first>/beside/<int:second>/", page, name="llm_evaluation_compare")
        return [own, *super().get_urls()]

    @admin.action(description="Compare two evaluations", permissions=["view"])
    def compare(self, request: HttpRequest, queryset):
        chosen = list(queryset.order_by("id").values_list("pk", flat=True)[:3])
        if len(chosen) != 2:
            self.message_user(request, "Choose two evaluations.", messages.WARNING)
            return None
        return HttpResponseRedirect(reverse("admin:llm_evaluation_compare", args=chosen))

    def compare_view(self, request: HttpRequest, first: int, second: int) -> TemplateResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        pair = [get_object_or_404(Evaluation, pk=each) for each in (first, second)]
        context = self.admin_site.each_context(request) | {
            "title": f"Evaluations {first} and {second}",
            "opts": self.opts,
            "pair": pair,
            "taken": report.taken_by_both(*pair),
        }
        try:
            context["differences"] = compare(*pair)
        except NotComparable as error:
            context["problem"] = error.message
        status = 409 if "problem" in context else 200
        return TemplateResponse(
            request, "admin/llm/evaluation/compare.html", context, status=status
        )

    @admin.display(description="Recall of names")
    def names_recall(self, evaluation: Evaluation) -> str:
        said = evaluation.figures["measures"].get("names")
        return share_text(said["recall"], said["recall_interval"]) if said else "–"

    @admin.display(description="Decides pins", boolean=True)
    def decides(self, evaluation: Evaluation) -> bool:
        return keeping.counts(evaluation)

    @admin.display(description="Run by")
    def runner(self, evaluation: Evaluation) -> str:
        return person(evaluation.run_by)

    @admin.display(description="Figures")
    def said(self, evaluation: Evaluation) -> str:
        return format_html("<pre>{}</pre>", "\n".join(report.figures(evaluation)))

    @admin.display(description="Cases without an answer")
    def failures(self, evaluation: Evaluation) -> str:
        lines = [
            f"{each['case']}: {each['code']}: {each['message']}"
            for each in evaluation.figures["failures"]
        ]
        return format_html("<pre>{}</pre>", "\n".join(lines) or "none")
