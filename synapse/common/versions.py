"""The base of everything that is drafted by one person and approved by another."""

import hashlib
import json
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q


class VersionStatus(models.TextChoices):
    DRAFT = "draft", "draft"
    PENDING = "pending", "awaiting approval"
    APPROVED = "approved", "approved"
    REJECTED = "rejected", "rejected"
    SUPERSEDED = "superseded", "superseded"


OPEN = (VersionStatus.DRAFT, VersionStatus.PENDING)
DECIDED = (VersionStatus.APPROVED, VersionStatus.REJECTED, VersionStatus.SUPERSEDED)


def person(**options: Any) -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False, **options
    )


class Version(models.Model):
    """One version of a phase's work: written by the tester, decided by the report's owner.

    Moves are made by `cycles.services.approval` alone. A subclass lists
    `constraints = version_constraints("<app>_<model>")` in its Meta, freezes itself and its items
    in a migration (`common.triggers`), and fills in the hooks at the end of this class.
    """

    Status = VersionStatus
    approval_title = "Approve version"
    fields_to_copy: tuple[str, ...] = ()
    """Own columns that a revision takes over from its parent."""

    phase = models.ForeignKey(
        "cycles.Phase", models.PROTECT, related_name="%(class)ss", editable=False
    )
    number = models.PositiveIntegerField(editable=False)
    status = models.CharField(
        max_length=12,
        choices=VersionStatus.choices,
        default=VersionStatus.DRAFT,
        editable=False,
    )
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", editable=False
    )
    created_by = person()
    created_at = models.DateTimeField(auto_now_add=True)
    submitted_by = person(null=True, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True, editable=False)
    submission_note = models.TextField(blank=True, editable=False)
    decided_by = person(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True, editable=False)
    decision_note = models.TextField(blank=True, editable=False)
    content_hash = models.CharField(max_length=64, blank=True, editable=False)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self._meta.verbose_name.capitalize()} version {self.number}"

    def get_absolute_url(self) -> str:
        raise NotImplementedError

    @property
    def is_draft(self) -> bool:
        return self.status == VersionStatus.DRAFT

    @property
    def is_pending(self) -> bool:
        return self.status == VersionStatus.PENDING

    @property
    def is_approved(self) -> bool:
        return self.status == VersionStatus.APPROVED

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    @property
    def cycle_report(self) -> models.Model:
        return self.phase.cycle_report

    def items(self) -> models.QuerySet:
        """The version's items, ordered by their key."""
        raise NotImplementedError

    def canonical_items(self) -> list[dict[str, Any]]:
        """What is approved, item by item and ordered by key: JSON values, decimals as strings."""
        raise NotImplementedError

    def check_submittable(self) -> None:
        """Raises a DomainError naming what is missing before the version can be submitted."""

    def copy_items_to(self, new: "Version") -> None:
        """Gives a new draft its own copies of this version's items."""
        raise NotImplementedError


def version_constraints(prefix: str) -> list[models.BaseConstraint]:
    """What the database holds every version to; `prefix` is its table, as in "planning_plan"."""
    undecided = Q(status__in=OPEN, decided_by__isnull=True, decided_at__isnull=True)
    decided = Q(status__in=DECIDED, decided_by__isnull=False, decided_at__isnull=False)
    sealed = Q(status__in=(VersionStatus.APPROVED, VersionStatus.SUPERSEDED))
    return [
        models.UniqueConstraint(fields=["phase", "number"], name=f"{prefix}_number"),
        models.UniqueConstraint(
            fields=["phase"], condition=Q(status=VersionStatus.APPROVED), name=f"{prefix}_approved"
        ),
        models.UniqueConstraint(
            fields=["phase"], condition=Q(status__in=OPEN), name=f"{prefix}_open"
        ),
        models.CheckConstraint(condition=Q(number__gt=0), name=f"{prefix}_number_positive"),
        models.CheckConstraint(
            condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("submitted_by")),
            name=f"{prefix}_four_eyes",
        ),
        models.CheckConstraint(
            condition=Q(status=VersionStatus.DRAFT)
            | Q(submitted_by__isnull=False, submitted_at__isnull=False),
            name=f"{prefix}_submitted",
        ),
        models.CheckConstraint(condition=undecided | decided, name=f"{prefix}_decided"),
        models.CheckConstraint(
            condition=~sealed | Q(content_hash__regex="^[0-9a-f]{64}$"), name=f"{prefix}_sealed"
        ),
    ]


def canonical_json(value: Any) -> str:
    """One text for one value: keys sorted, no spaces, decimals and dates as strings."""
    return json.dumps(
        value, cls=DjangoJSONEncoder, sort_keys=True, separators=(",", ":"), ensure_ascii=False
    )


def content_hash(version: Version) -> str:
    return hashlib.sha256(canonical_json(version.canonical_items()).encode()).hexdigest()


def is_intact(version: Version) -> bool:
    """Whether an approved version's items still are what was approved."""
    return version.content_hash == content_hash(version)
