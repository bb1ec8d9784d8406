"""Who may see and do what, as predicates on objects."""

from synapse.accounts.roles import Role


def can_view_cycle_report(user, cycle_report) -> bool:
    """Its tester, owner, the cycle's executive, the report's executive, and administrators."""
    return user.is_active and (
        user.is_administrator
        or user.pk
        in (
            cycle_report.tester_id,
            cycle_report.report.owner_id,
            cycle_report.report.executive_id,
            cycle_report.cycle.executive_id,
        )
    )


def can_work_on(user, cycle_report) -> bool:
    """Its tester: drafts, decides, submits."""
    return user.pk == cycle_report.tester_id and user.has_role(Role.TESTER)


def can_approve(user, cycle_report) -> bool:
    """The owner of its report, whoever else they are."""
    return user.pk == cycle_report.report.owner_id and user.has_role(Role.REPORT_OWNER)


def can_decide(user, version) -> bool:
    """Whether the person may approve or reject this very version."""
    return can_approve(user, version.cycle_report) and version.submitted_by_id != user.pk


def can_lead(user, cycle) -> bool:
    """The cycle's executive and administrators: reports in the cycle, testers, dates."""
    return user.is_administrator or (
        user.pk == cycle.executive_id and user.has_role(Role.TEST_EXECUTIVE)
    )


def can_run_phases(user, cycle_report) -> bool:
    """Who starts, completes and skips phases."""
    return can_work_on(user, cycle_report) or can_lead(user, cycle_report.cycle)


def can_create_cycles(user) -> bool:
    return user.is_administrator or user.has_role(Role.TEST_EXECUTIVE)


def can_manage_reports(user) -> bool:
    return user.is_administrator
