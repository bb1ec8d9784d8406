"""What profiling refuses about rule sets, each with a stable code and the mend in its text."""

from synapse.common.errors import DomainError, Stale


class RuleSetNotDraft(DomainError):
    code = "not_draft"
    message = "Version {number} is {status}. Only a draft can be changed."


class RulesNeedPlan(DomainError):
    code = "plan_missing"
    message = "No plan of this report is approved yet. Rules are written for an approved plan."


class RulesReadOldPlan(DomainError):
    code = "plan_superseded"
    message = (
        "These rules read version {read} of the plan, and version {current} is approved now. "
        "Take over the new plan first."
    )


class RulesReadCurrentPlan(DomainError):
    code = "plan_is_current"
    message = "These rules already read the approved plan, version {number}."


class NoRules(DomainError):
    code = "no_rules"
    message = "No rule is switched on. Propose, import or write rules, and switch on at least one."


class RulesUnfit(DomainError):
    code = "rules_unfit"
    message = "{count} of the rules switched on can't be evaluated. {first}"


class RulesChanged(DomainError):
    """The ground moved while the rules were tried, so nothing was stored."""

    code = "rules_changed"
    stops_job = True
    message = "The rule set changed while rules were tried ({what}), so none was stored."


class RuleExists(DomainError):
    code = "rule_exists"
    message = "The version already has a rule “{rule_id}”. Choose another id."
    http_status = 422


class StaleRule(Stale):
    code = "stale_rule"
    message = (
        "Rule “{rule_id}” was changed by {who} at {when} UTC ({what}). "
        "Reload it, look at the change, and save again."
    )


class UnreadableRules(DomainError):
    """A rule file of which nothing can be taken in."""

    code = "unreadable_rules"
    message = "“{file}” can't be read as rules: {reason}"
    http_status = 422


class NothingToPropose(DomainError):
    code = "nothing_to_propose"
    message = "The plan has no attribute from which a rule could be proposed."


class NoRuleSelected(DomainError):
    code = "nothing_selected"
    message = "No rule is selected."
    http_status = 422


class UnknownRules(DomainError):
    code = "unknown_rules"
    message = "{count} of the rules named are not in this version."
    http_status = 422


class PopulationNotUsable(DomainError):
    code = "population_not_usable"
    message = "The population “{name}” isn't imported yet. Wait for its import, or choose another."
