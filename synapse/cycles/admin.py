"""The spine in the admin: everything to be seen, moves only by the services' actions."""

from django.contrib import admin

from synapse.common.admin import ReadOnlyAdmin
from synapse.cycles.models import Assignment, CycleReport, Phase, Report, TestCycle
from synapse.cycles.services.cycles import update_cycle
from synapse.cycles.services.phases import complete_phase, start_phase
from synapse.cycles.services.reports import update_report


@admin.register(Report)
class ReportAdmin(ReadOnlyAdmin):
    list_display = ["number", "name", "regulation", "schedule", "frequency", "owner", "is_active"]
    list_filter = ["is_active", "frequency", "regulation"]
    list_select_related = ["owner"]
    search_fields = ["number", "name"]
    actions = ["retire", "put_in_use"]

    @admin.action(description="Retire")
    def retire(self, request, queryset):
        self.each(request, queryset, update_report, "report", "retired", is_active=False)

    @admin.action(description="Put in use")
    def put_in_use(self, request, queryset):
        self.each(request, queryset, update_report, "report", "put in use", is_active=True)


class CycleReportInline(admin.TabularInline):
    model = CycleReport
    extra = 0
    can_delete = False
    show_change_link = True
    readonly_fields = fields = ["report", "tester", "completed_at"]

    def has_add_permission(self, request, obj=None) -> bool:
        return False


@admin.register(TestCycle)
class TestCycleAdmin(ReadOnlyAdmin):
    list_display = ["name", "executive", "starts_on", "ends_on", "status"]
    list_filter = ["status"]
    list_select_related = ["executive"]
    search_fields = ["name"]
    inlines = [CycleReportInline]
    actions = ["activate", "cancel"]

    @admin.action(description="Activate")
    def activate(self, request, queryset):
        status = TestCycle.Status.ACTIVE
        self.each(request, queryset, update_cycle, "cycle", "activated", status=status)

    @admin.action(description="Cancel")
    def cancel(self, request, queryset):
        status = TestCycle.Status.CANCELLED
        self.each(request, queryset, update_cycle, "cycle", "cancelled", status=status)


class PhaseInline(admin.TabularInline):
    model = Phase
    extra = 0
    can_delete = False
    show_change_link = True
    readonly_fields = fields = ["kind", "state", "planned_start", "planned_end", "completed_at"]

    def has_add_permission(self, request, obj=None) -> bool:
        return False


@admin.register(CycleReport)
class CycleReportAdmin(ReadOnlyAdmin):
    list_display = ["report", "cycle", "tester", "created_at", "completed_at"]
    list_filter = ["cycle"]
    list_select_related = ["report", "cycle", "tester"]
    search_fields = ["report__number", "report__name", "cycle__name", "tester__username"]
    inlines = [PhaseInline]


@admin.register(Phase)
class PhaseAdmin(ReadOnlyAdmin):
    list_display = ["cycle_report", "kind", "state", "planned_start", "planned_end", "completed_at"]
    list_filter = ["kind", "state"]
    list_select_related = ["cycle_report__report", "cycle_report__cycle"]
    actions = ["start", "complete"]

    @admin.action(description="Start")
    def start(self, request, queryset):
        self.each(request, queryset, start_phase, "phase", "started")

    @admin.action(description="Complete")
    def complete(self, request, queryset):
        self.each(request, queryset, complete_phase, "phase", "completed")


@admin.register(Assignment)
class AssignmentAdmin(ReadOnlyAdmin):
    list_display = ["title", "kind", "assigned_to", "due_at", "status", "closed_at"]
    list_filter = ["status", "kind"]
    list_select_related = ["assigned_to"]
    search_fields = ["title", "assigned_to__username"]
