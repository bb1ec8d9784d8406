"""What profiling refuses about profiles, each with a stable code and the mend in its text."""

from synapse.common.errors import DomainError


class RulesNotApproved(DomainError):
    code = "rules_not_approved"
    message = (
        "{rule_set} is {status}. Only approved rules run: submit them, "
        "and have the report's owner approve."
    )


class NoApprovedRules(DomainError):
    code = "no_approved_rules"
    message = (
        "No rule set of this report is approved yet. Only approved rules run: submit the rules, "
        "and have the report's owner approve."
    )


class NoPopulation(DomainError):
    code = "no_population"
    message = "No population of this report is imported yet. Upload a file of records first."


class ForeignPopulation(DomainError):
    code = "foreign_population"
    message = "The population “{population}” belongs to another report in another cycle."
    http_status = 422


class PopulationNotImported(DomainError):
    code = "population_not_imported"
    message = "The population “{population}” isn't imported yet. Finish its import, then profile."


class NothingToProfile(DomainError):
    code = "nothing_to_profile"
    message = "The population “{population}” has no record that could be read."


class PartsMissing(DomainError):
    code = "parts_missing"
    message = (
        "{count} earlier steps of this profile failed, so its sums would be wrong. "
        "Mend the cause, then retry what failed."
    )


class ProfileMissing(DomainError):
    code = "profile_missing"
    message = (
        "Profiling can't be completed: rule set version {number} is approved and was not run to "
        "the end. Profile a population with it first."
    )


class ProfileUnfinished(DomainError):
    code = "profile_unfinished"
    message = "{profile} isn't finished yet, so this part of it can't be shown."
