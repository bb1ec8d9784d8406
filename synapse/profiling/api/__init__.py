"""Profiling over REST."""

from synapse.profiling.api import populations, profiles, rule_sets

routes = [*populations.routes, *rule_sets.routes, *profiles.routes]
