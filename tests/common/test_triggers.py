"""What the database refuses when somebody goes around the services."""

import threading

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from synapse.common.versions import VersionStatus
from synapse.cycles.services import approval
from tests.factories.accounts import make_owner, make_tester
from tests.factories.cycles import make_cycle_report, make_phase
from tests.support.models import Line, Paper, Remark


def refused(sql, *values, match=""):
    with (
        pytest.raises(IntegrityError, match=match),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql, values)


def test_own_approval_by_update_is_refused(pending, tester):
    refused(
        "UPDATE support_paper SET status = 'approved', decided_by_id = %s, decided_at = now(),"
        " content_hash = repeat('a', 64) WHERE id = %s",
        tester.pk,
        pending.pk,
        match="four_eyes",
    )


def test_an_approval_without_a_hash_is_refused(pending, owner):
    refused(
        "UPDATE support_paper SET status = 'approved', decided_by_id = %s, decided_at = now()"
        " WHERE id = %s",
        owner.pk,
        pending.pk,
        match="sealed",
    )


def test_a_second_approved_version_is_refused(approved, tester, owner):
    second = approval.revise(version=approved, actor=tester)
    approval.submit(version=second, actor=tester)
    refused(
        "UPDATE support_paper SET status = 'approved', decided_by_id = %s, decided_at = now(),"
        " content_hash = repeat('a', 64) WHERE id = %s",
        owner.pk,
        second.pk,
        match="support_paper_approved",
    )


def test_a_second_open_version_is_refused(draft, tester):
    with pytest.raises(IntegrityError, match="support_paper_open"), transaction.atomic():
        Paper.objects.create(phase=draft.phase, number=2, created_by=tester)


def test_a_version_born_approved_is_refused(phase, tester, owner):
    with pytest.raises(IntegrityError, match="begins as a draft"), transaction.atomic():
        Paper.objects.create(
            phase=phase,
            number=1,
            status=VersionStatus.APPROVED,
            created_by=tester,
            submitted_by=tester,
            submitted_at=timezone.now(),
            decided_by=owner,
            decided_at=timezone.now(),
            content_hash="a" * 64,
        )


@pytest.mark.parametrize("state", ["pending", "approved"])
def test_items_of_a_version_that_is_no_draft_stand(request, state):
    paper = request.getfixturevalue(state)
    line = paper.lines.first()
    refused("UPDATE support_line SET text = 'x' WHERE id = %s", line.pk, match=state)
    refused("DELETE FROM support_line WHERE id = %s", line.pk, match=state)
    refused(
        "INSERT INTO support_line (paper_id, key, text) VALUES (%s, 'z', 'z')",
        paper.pk,
        match=state,
    )
    refused("INSERT INTO support_remark (line_id, text) VALUES (%s, 'z')", line.pk, match=state)


def test_items_neither_leave_nor_join_a_frozen_version(approved, tester):
    second = approval.revise(version=approved, actor=tester)
    old, new = approved.lines.first(), second.lines.first()
    refused("UPDATE support_line SET paper_id = %s WHERE id = %s", second.pk, old.pk)
    refused("UPDATE support_line SET paper_id = %s WHERE id = %s", approved.pk, new.pk)


def test_what_was_decided_stays(approved, tester):
    for change in (
        "topic = 'other'",
        "decided_at = now()",
        "content_hash = repeat('b', 64)",
        f"created_by_id = {tester.pk}, number = 7",
        "status = 'draft', decided_by_id = NULL, decided_at = NULL",
        "status = 'rejected'",
    ):
        refused(f"UPDATE support_paper SET {change} WHERE id = %s", approved.pk)
    refused("DELETE FROM support_paper WHERE id = %s", approved.pk, match="stays")


def test_a_submitted_version_keeps_its_own_columns(pending):
    refused("UPDATE support_paper SET topic = 'other' WHERE id = %s", pending.pk, match="submitted")


def test_tables_of_versions_are_not_truncated(db):
    for table in ("support_line", "support_paper"):
        refused(f"TRUNCATE {table} CASCADE", match="truncated")


def test_a_draft_and_its_items_are_free(draft):
    line = draft.lines.first()
    Remark.objects.create(line=line, text="hm")
    Line.objects.filter(pk=line.pk).update(text="new")
    draft.delete()
    assert not Line.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_an_edit_in_flight_holds_the_submit_back():
    """Else an edit begun on a draft could land in a version submitted meanwhile."""
    tester = make_tester()
    phase = make_phase(cycle_report=make_cycle_report(tester=tester, owner=make_owner()))
    paper = approval.start_version(model=Paper, phase=phase, actor=tester)
    line = Line.objects.create(paper=paper, key="a", text="before")
    order = []

    def submit():
        approval.submit(version=paper, actor=tester)
        order.append("submitted")
        connection.close()

    thread = threading.Thread(target=submit)
    with transaction.atomic():
        Line.objects.filter(pk=line.pk).update(text="after")
        thread.start()
        thread.join(0.5)
        assert thread.is_alive()
        order.append("edited")
    thread.join(30)
    assert order == ["edited", "submitted"]
    refused("UPDATE support_line SET text = 'late' WHERE id = %s", line.pk)
