"""Queues, the clock, saved filters and totals in the admin."""

from django.contrib import admin

from jobs import periodic, queue_control
from jobs.admin.shared import QueueFilter, ReadOnly, TaskFilter, tell_each
from jobs.models import JobQueue, PeriodicSlot, PeriodicTask, SavedFilter, Tally

REASON = "In the admin"


@admin.register(JobQueue)
class JobQueueAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["name", "workers", "paused_at", "reason", "changed_by", "changed_at"]
    list_select_related = ["changed_by"]
    actions = ["pause_queues", "resume_queues", "workers_as_started"]

    @admin.action(description="Pause: start none of its jobs", permissions=["view"])
    def pause_queues(self, request, queryset):
        self._each(request, queryset, queue_control.pause_queue, "Paused")

    @admin.action(description="Resume", permissions=["view"])
    def resume_queues(self, request, queryset):
        self._each(request, queryset, queue_control.resume_queue, "Resumed")

    @admin.action(description="As many workers as started", permissions=["view"])
    def workers_as_started(self, request, queryset):
        def reset(name, **options):
            queue_control.set_workers(name, None, **options)

        self._each(request, queryset, reset, "As many workers as started")

    def _each(self, request, queryset, act, said: str) -> None:
        def change(row):
            act(row.name, actor=request.user, reason=REASON)

        tell_each(request, queryset, change, said)


@admin.register(PeriodicTask)
class PeriodicTaskAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["task", "schedule", "stopped_at", "changed_by", "reason", "problem"]
    list_filter = [("stopped_at", admin.EmptyFieldListFilter)]
    list_select_related = ["changed_by"]
    search_fields = ["task"]
    actions = ["start_now", "stop_tasks", "let_go_on"]

    @admin.action(description="Start now, besides the schedule", permissions=["view"])
    def start_now(self, request, queryset):
        def start(row):
            periodic.start_now(row.task, actor=request.user)

        tell_each(request, queryset, start, "Started")

    @admin.action(description="Stop: the clock starts it no more", permissions=["view"])
    def stop_tasks(self, request, queryset):
        def stop(row):
            periodic.stop(row, request.user, reason=REASON)

        tell_each(request, queryset, stop, "Stopped")

    @admin.action(description="Go on at the next slot", permissions=["view"])
    def let_go_on(self, request, queryset):
        def go_on(row):
            periodic.go_on(row, request.user, reason=REASON)

        tell_each(request, queryset, go_on, "Goes on")


@admin.register(PeriodicSlot)
class PeriodicSlotAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["task", "due_at", "job_id", "note"]
    list_filter = ["task", "due_at"]
    list_select_related = ["task"]
    search_fields = ["task__task", "note"]
    search_help_text = "Task or note"
    show_full_result_count = False


@admin.register(SavedFilter)
class SavedFilterAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["name", "owner", "query"]
    list_select_related = ["owner"]
    search_fields = ["name", "owner__username"]
    search_help_text = "Name or owner"


@admin.register(Tally)
class TallyAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["figure", "queue", "task", "outcome", "bucket", "count", "seconds"]
    list_filter = ["figure", QueueFilter, TaskFilter]
    ordering = ["figure", "queue", "task", "outcome", "bucket"]
