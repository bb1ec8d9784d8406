"""What scoping refuses."""

from synapse.common.errors import DomainError


class NotDraft(DomainError):
    code = "not_draft"
    message = "Version {number} is {status}. Only a draft can be changed."


class PlanMissing(DomainError):
    code = "plan_missing"
    message = "No plan of this report is approved yet. Scoping starts from an approved plan."


class PlanEmpty(DomainError):
    code = "plan_empty"
    message = "Version {number} of the plan has no attributes to scope."


class PlanSuperseded(DomainError):
    code = "plan_superseded"
    message = (
        "This scope reads version {read} of the plan, and version {current} is approved now. "
        "Take over the new plan first."
    )


class PlanIsCurrent(DomainError):
    code = "plan_is_current"
    message = "This scope already reads the approved plan, version {number}."


class KeyAlwaysInScope(DomainError):
    code = "key_always_in_scope"
    message = "{attribute} is part of the key. Keys are always in scope and are not decided."


class Undecided(DomainError):
    code = "undecided"
    message = "{count} attributes are undecided. Decide every attribute before you submit."


class ReasonsMissing(DomainError):
    """A decision taken before the advice changed may now be an override without a reason."""

    code = "reasons_missing"
    message = "{count} decisions differ from the advice without a reason, first {first}."


class UnsupportedUnexplained(DomainError):
    """What the model judged without a quote that occurs is a person's to answer for."""

    code = "unsupported_unexplained"
    message = (
        "{attributes}: the model gave no quote that occurs in the attribute's text. Decide each "
        "of these {count} with a reason."
    )


class NothingInScope(DomainError):
    code = "nothing_in_scope"
    message = "No attribute beside the keys is in scope. Put at least one in scope."


class NothingToRecommend(DomainError):
    code = "nothing_to_recommend"
    message = "Every attribute has its recommendation. Choose all of them to ask again."


class NothingSelected(DomainError):
    code = "nothing_selected"
    message = "No attribute is selected."
    http_status = 422


class UnknownItems(DomainError):
    code = "unknown_items"
    message = "{count} of the attributes named are not in this version of the scope."
    http_status = 422


class ScopeChanged(DomainError):
    """The ground moved while the model was thinking, so its answer is not stored."""

    code = "scope_changed"
    stops_job = True
    message = "The scope changed during the call ({what}), so the answer was not stored."


class AttributesChanged(DomainError):
    code = "attributes_changed"
    message = (
        "{attributes} changed during the call, so the answer was not stored. Ask again for these."
    )


class NotJudged(DomainError):
    """Some attributes of a batch got no usable judgement; the others did."""

    code = "not_judged"
    message = "{failed} of {total} attributes have no recommendation: {reason}"
