"""Addresses of profiling's pages: the phase, populations, rule sets, profiles."""

from synapse.profiling.urls import phases, populations, profiles, rule_sets

app_name = "profiling"
urlpatterns = [
    *phases.urlpatterns,
    *populations.urlpatterns,
    *rule_sets.urlpatterns,
    *profiles.urlpatterns,
]
