"""Profiling in the admin, one module a subject."""

from synapse.profiling.admin import populations, profiles, rule_sets

__all__ = ["populations", "profiles", "rule_sets"]
