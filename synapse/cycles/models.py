"""Reports, the cycles that test them, the phases of each test, and the to-do list."""

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from synapse.cycles.phases import ORDER, SKIPPABLE, PhaseHooks, PhaseKind, hooks_of
from synapse.cycles.states import AssignmentKind, AssignmentStatus, CycleStatus, PhaseState

USER = settings.AUTH_USER_MODEL


class Report(models.Model):
    """A regulatory report in the bank's inventory; its owner approves what is tested and how."""

    class Frequency(models.TextChoices):
        MONTHLY = "monthly", "monthly"
        QUARTERLY = "quarterly", "quarterly"
        ANNUAL = "annual", "annual"

    number = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=200)
    regulation = models.CharField(max_length=120, blank=True)
    schedule = models.CharField(max_length=80, blank=True)
    frequency = models.CharField(
        max_length=10, choices=Frequency.choices, default=Frequency.QUARTERLY
    )
    owner = models.ForeignKey(USER, models.PROTECT, related_name="owned_reports")
    executive = models.ForeignKey(
        USER, models.PROTECT, null=True, blank=True, related_name="overseen_reports"
    )
    is_active = models.BooleanField(default=True)
    lock_version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"

    def get_absolute_url(self) -> str:
        return reverse("cycles:report_detail", args=[self.pk])


class TestCycle(models.Model):
    """A period in which reports are tested, led by one test executive."""

    __test__ = False
    Status = CycleStatus

    name = models.CharField(max_length=120, unique=True)
    description = models.TextField(blank=True)
    executive = models.ForeignKey(USER, models.PROTECT, related_name="led_cycles")
    starts_on = models.DateField()
    ends_on = models.DateField()
    status = models.CharField(
        max_length=10, choices=CycleStatus.choices, default=CycleStatus.PLANNED
    )
    lock_version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        ordering = ["-starts_on", "name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="cycles_testcycle_dates"
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("cycles:cycle_detail", args=[self.pk])


class CycleReport(models.Model):
    """One report tested in one cycle by one tester."""

    cycle = models.ForeignKey(TestCycle, models.PROTECT, related_name="cycle_reports")
    report = models.ForeignKey(Report, models.PROTECT, related_name="cycle_reports")
    tester = models.ForeignKey(USER, models.PROTECT, related_name="tested_cycle_reports")
    created_at = models.DateTimeField(auto_now_add=True)
    completed_at = models.DateTimeField(null=True, blank=True, editable=False)
    lock_version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        ordering = ["-cycle__starts_on", "report__number"]
        constraints = [
            models.UniqueConstraint(fields=["cycle", "report"], name="cycles_cyclereport_once")
        ]

    def __str__(self) -> str:
        return f"{self.report} in {self.cycle}"

    def get_absolute_url(self) -> str:
        return reverse("cycles:cycle_report_detail", args=[self.pk])

    @property
    def owner(self) -> models.Model:
        return self.report.owner

    def phase(self, kind: str) -> "Phase":
        """The phase of that kind, from the prefetched ones when there are any."""
        return next(phase for phase in self.phases.all() if phase.kind == kind)


class Phase(models.Model):
    """One of the nine steps of a cycle-report."""

    State = PhaseState

    cycle_report = models.ForeignKey(CycleReport, models.PROTECT, related_name="phases")
    kind = models.CharField(max_length=12, choices=PhaseKind.choices)
    position = models.PositiveSmallIntegerField(editable=False)
    state = models.CharField(
        max_length=12, choices=PhaseState.choices, default=PhaseState.NOT_STARTED
    )
    planned_start = models.DateField()
    planned_end = models.DateField()
    progress = models.PositiveSmallIntegerField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    started_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    completed_at = models.DateTimeField(null=True, blank=True)
    completed_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    skip_reason = models.TextField(blank=True)
    lock_version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        ordering = ["cycle_report_id", "position"]
        constraints = [
            models.UniqueConstraint(fields=["cycle_report", "kind"], name="cycles_phase_once"),
            models.CheckConstraint(
                condition=Q(planned_end__gte=F("planned_start")), name="cycles_phase_dates"
            ),
            models.CheckConstraint(
                condition=Q(progress__isnull=True) | Q(progress__lte=100),
                name="cycles_phase_progress",
            ),
            models.CheckConstraint(
                condition=Q(state=PhaseState.NOT_STARTED, started_at__isnull=True)
                | Q(state=PhaseState.IN_PROGRESS, started_at__isnull=False)
                | Q(state=PhaseState.COMPLETE),
                name="cycles_phase_started",
            ),
            models.CheckConstraint(
                condition=Q(state=PhaseState.COMPLETE, completed_at__isnull=False)
                | (~Q(state=PhaseState.COMPLETE) & Q(completed_at__isnull=True)),
                name="cycles_phase_completed",
            ),
            models.CheckConstraint(
                condition=Q(skip_reason="")
                | Q(state=PhaseState.COMPLETE, kind__in=sorted(SKIPPABLE)),
                name="cycles_phase_skipped",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.cycle_report}"

    def save(self, *args, **kwargs):
        self.position = ORDER.index(PhaseKind(self.kind))
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        """The page of the app that does the phase, else the cycle-report's."""
        hooks = self.hooks
        if hooks and self.state != PhaseState.NOT_STARTED:
            return hooks.url(self)
        return reverse("cycles:cycle_report_detail", args=[self.cycle_report_id])

    @property
    def hooks(self) -> PhaseHooks | None:
        return hooks_of(self.kind)

    @property
    def is_complete(self) -> bool:
        return self.state == PhaseState.COMPLETE

    @property
    def is_in_progress(self) -> bool:
        return self.state == PhaseState.IN_PROGRESS

    @property
    def is_skipped(self) -> bool:
        return bool(self.skip_reason)


class Assignment(models.Model):
    """Something one person has to do; the to-do list of every role."""

    Kind = AssignmentKind
    Status = AssignmentStatus

    kind = models.CharField(max_length=12, choices=AssignmentKind.choices)
    phase = models.ForeignKey(Phase, models.PROTECT, related_name="assignments")
    content_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+")
    object_id = models.PositiveBigIntegerField()
    subject = GenericForeignKey("content_type", "object_id")
    assigned_to = models.ForeignKey(USER, models.PROTECT, related_name="assignments")
    title = models.CharField(max_length=200)
    url = models.CharField(max_length=300)
    due_at = models.DateTimeField()
    status = models.CharField(
        max_length=10, choices=AssignmentStatus.choices, default=AssignmentStatus.OPEN
    )
    created_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    closed_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["due_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "content_type", "object_id"],
                condition=Q(status=AssignmentStatus.OPEN),
                name="cycles_assignment_one_open",
            ),
            models.CheckConstraint(
                condition=Q(status=AssignmentStatus.OPEN, closed_at__isnull=True)
                | (~Q(status=AssignmentStatus.OPEN) & Q(closed_at__isnull=False)),
                name="cycles_assignment_closed",
            ),
        ]
        indexes = [
            models.Index(fields=["assigned_to", "status", "due_at"], name="cycles_assignment_todo"),
            models.Index(fields=["content_type", "object_id"], name="cycles_assignment_subject"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return self.url
