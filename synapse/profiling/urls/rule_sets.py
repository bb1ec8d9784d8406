"""Addresses of the pages of rule sets and their rules."""

from django.urls import path

from synapse.profiling.views.rule_sets import sets

urlpatterns = [
    path("rule-sets/<int:pk>/", sets.RuleSetDetailView.as_view(), name="rule_set_detail"),
]
