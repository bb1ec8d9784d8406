"""What the spine refuses."""

from synapse.common.errors import DomainError


class WrongState(DomainError):
    code = "wrong_state"
    message = "{what} is {state}; {needed}."


class OpenVersionExists(DomainError):
    code = "open_version_exists"
    message = "Version {number} is {status}. Finish it before starting another."


class OwnApproval(DomainError):
    """Four eyes: the submitter of a version never decides it."""

    code = "own_approval"
    message = "You submitted this version, so somebody else has to decide it."
    http_status = 403


class NotApprover(DomainError):
    code = "not_approver"
    message = "Only the report's owner, {owner}, decides this version."
    http_status = 403


class GateClosed(DomainError):
    code = "gate_closed"
    message = "{phase} can't start yet: {why}."


class PhaseNotOffered(DomainError):
    code = "phase_not_offered"
    message = "{phase} is not part of this installation."


class ApprovedVersionMissing(DomainError):
    code = "approved_version_missing"
    message = "{phase} can't be completed: no version of it is approved."


class NotSkippable(DomainError):
    code = "not_skippable"
    message = "{phase} can't be skipped."
    http_status = 422


class ReportInCycle(DomainError):
    code = "report_in_cycle"
    message = "{report} is already in {cycle}."


class UnfitPerson(DomainError):
    """The person named for a part lacks the role, is inactive, or holds the opposite part."""

    code = "unfit_person"
    message = "{person} can't be {part}: {why}."
    http_status = 422
