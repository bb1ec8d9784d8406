"""Jobs, their items and events, and workers in the admin; staff act on jobs as owners do."""

from django.contrib import admin

from jobs import acting
from jobs.admin.shared import QueueFilter, ReadOnly, TaskFilter, tell
from jobs.models import Job, JobEvent, JobItem, Worker
from jobs.templatetags.operating import memory


class EventInline(ReadOnly, admin.TabularInline):
    model = JobEvent
    fields = readonly_fields = ["at", "name", "before", "after", "attempt", "reason", "worker"]
    extra = 0
    show_change_link = False


@admin.register(Job)
class JobAdmin(ReadOnly, admin.ModelAdmin):
    list_display = [
        "id",
        "title",
        "status",
        "done",
        "failed",
        "total",
        "queue",
        "owner",
        "attempt",
        "created_at",
        "finished_at",
    ]
    list_display_links = ["id", "title"]
    list_filter = [
        "status",
        QueueFilter,
        TaskFilter,
        "created_at",
        ("seen_at", admin.EmptyFieldListFilter),
    ]
    list_select_related = ["owner"]
    search_fields = ["=id", "title", "subject_label", "owner__username"]
    search_help_text = "Number, title, subject or owner"
    show_full_result_count = False
    actions = ["pause_jobs", "resume_jobs", "cancel_jobs", "retry_jobs"]
    inlines = [EventInline]

    @admin.action(description="Pause", permissions=["view"])
    def pause_jobs(self, request, queryset):
        self._each(request, queryset, "pause")

    @admin.action(description="Resume", permissions=["view"])
    def resume_jobs(self, request, queryset):
        self._each(request, queryset, "resume")

    @admin.action(description="Cancel", permissions=["view"])
    def cancel_jobs(self, request, queryset):
        self._each(request, queryset, "cancel")

    @admin.action(description="Retry (failed items, or the whole)", permissions=["view"])
    def retry_jobs(self, request, queryset):
        self._each(request, queryset, "retry")

    def _each(self, request, queryset, name: str) -> None:
        ids = queryset.order_by("pk").values_list("pk", flat=True)[: acting.MOST]
        outcomes = acting.act_on_many(ids, acting.ACTIONS[name], actor=request.user)
        done: dict[str, list[str]] = {}
        for each in outcomes:
            if not each.refusal:
                done.setdefault(each.said, []).append(f"job {each.job_id}")
        tell(request, done, [each.refusal.message for each in outcomes if each.refusal])


@admin.register(JobItem)
class JobItemAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["id", "job_id", "position", "label", "status", "tries", "error_code"]
    list_filter = ["status"]
    search_fields = ["=job__id", "key", "label", "error_code"]
    search_help_text = "Number of the job, key, label or code of the error"
    show_full_result_count = False


@admin.register(JobEvent)
class JobEventAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["at", "job_id", "name", "before", "after", "attempt", "actor", "worker"]
    list_filter = ["at"]
    list_select_related = ["actor"]
    search_fields = ["=job__id", "=name", "reason", "worker"]
    search_help_text = "Number of the job, name of the move, reason or worker"
    show_full_result_count = False


@admin.register(Worker)
class WorkerAdmin(ReadOnly, admin.ModelAdmin):
    list_display = [
        "id",
        "queue",
        "host",
        "pid",
        "slot",
        "resident",
        "started_at",
        "beat_at",
        "stopped_at",
    ]
    list_filter = [QueueFilter, "host", ("stopped_at", admin.EmptyFieldListFilter)]
    search_fields = ["host", "=pid", "cluster"]

    @admin.display(description="Memory", ordering="memory_kb")
    def resident(self, worker: Worker) -> str:
        return memory(worker.memory_kb)
