"""What profiling keeps: populations, rules and profiles, a module each."""

from synapse.profiling.models.populations import (
    Population,
    PopulationPart,
    RejectedRow,
    UploadPart,
)
from synapse.profiling.models.profiles import AttributeProfile, Profile, RuleResult
from synapse.profiling.models.rule_sets import Rule, RuleSet

__all__ = [
    "AttributeProfile",
    "Population",
    "PopulationPart",
    "Profile",
    "RejectedRow",
    "Rule",
    "RuleResult",
    "RuleSet",
    "UploadPart",
]
