"""Jobs in the admin: all to see, nothing to edit; staff cancel and retry as owners do."""

from django.contrib import admin, messages

from jobs import control
from jobs.errors import JobsError
from jobs.models import Job, JobEvent, JobItem, Worker


class ReadOnly:
    """Rows that the engine alone writes."""

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


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
    list_filter = ["status", "queue", "task", "created_at"]
    list_select_related = ["owner"]
    search_fields = ["=id", "title", "subject_label", "owner__username"]
    search_help_text = "Number, title, subject or owner"
    show_full_result_count = False
    actions = ["cancel_jobs", "retry_jobs"]
    inlines = [EventInline]

    @admin.action(description="Cancel", permissions=["view"])
    def cancel_jobs(self, request, queryset):
        self._each(request, queryset, control.cancel, "cancelled or asked to stop")

    @admin.action(description="Retry (failed items, or the whole)", permissions=["view"])
    def retry_jobs(self, request, queryset):
        self._each(request, queryset, control.retry, "queued again")

    def _each(self, request, queryset, act, words: str) -> None:
        """Each job by itself, so that a refusal is told and does not stop the others."""
        moved = 0
        for job in queryset:
            try:
                act(job, actor=request.user)
                moved += 1
            except JobsError as error:
                self.message_user(request, error.message, messages.WARNING)
        if moved:
            self.message_user(request, f"{moved} job(s) {words}.", messages.SUCCESS)


@admin.register(JobItem)
class JobItemAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["id", "job_id", "position", "label", "status", "tries", "error_code"]
    list_filter = ["status", "error_code"]
    search_fields = ["=job__id", "key", "label"]
    search_help_text = "Number of the job, key or label"
    show_full_result_count = False


@admin.register(JobEvent)
class JobEventAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["at", "job_id", "name", "before", "after", "attempt", "actor", "worker"]
    list_filter = ["name", "after", "at"]
    list_select_related = ["actor"]
    search_fields = ["=job__id", "reason", "worker"]
    search_help_text = "Number of the job, reason or worker"
    show_full_result_count = False


@admin.register(Worker)
class WorkerAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["id", "queue", "host", "pid", "slot", "started_at", "beat_at", "stopped_at"]
    list_filter = ["queue", "host", ("stopped_at", admin.EmptyFieldListFilter)]
    search_fields = ["host", "=pid", "cluster"]
