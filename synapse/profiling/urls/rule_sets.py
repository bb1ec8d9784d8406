"""Addresses of the pages of rule sets and their rules."""

from django.urls import path, re_path

from synapse.profiling.views.rule_sets import beginning, moves, rules, sets

urlpatterns = [
    path("phase/<int:pk>/rules/", beginning.RuleSetStartView.as_view(), name="rule_set_start"),
    path("rule-sets/<int:pk>/", sets.RuleSetDetailView.as_view(), name="rule_set_detail"),
    path("rule-sets/<int:pk>/compare/", sets.RuleSetCompareView.as_view(), name="rule_set_compare"),
    path(
        "rule-sets/<int:pk>/versions/", sets.RuleSetVersionsView.as_view(), name="rule_set_versions"
    ),
    re_path(
        r"^rule-sets/(?P<pk>[0-9]{1,18})/export\.(?P<form>csv|json)$",
        sets.RuleSetExportView.as_view(),
        name="rule_set_export",
    ),
    path(
        "rule-sets/<int:pk>/propose/",
        beginning.RuleSetProposeView.as_view(),
        name="rule_set_propose",
    ),
    path(
        "rule-sets/<int:pk>/import/", beginning.RuleSetImportView.as_view(), name="rule_set_import"
    ),
    path("rule-sets/<int:pk>/submit/", moves.RuleSetSubmitView.as_view(), name="rule_set_submit"),
    path(
        "rule-sets/<int:pk>/withdraw/",
        moves.RuleSetWithdrawView.as_view(),
        name="rule_set_withdraw",
    ),
    path(
        "rule-sets/<int:pk>/approve/", moves.RuleSetApproveView.as_view(), name="rule_set_approve"
    ),
    path("rule-sets/<int:pk>/reject/", moves.RuleSetRejectView.as_view(), name="rule_set_reject"),
    path("rule-sets/<int:pk>/revise/", moves.RuleSetReviseView.as_view(), name="rule_set_revise"),
    path(
        "rule-sets/<int:pk>/take-over/", moves.PlanTakeOverView.as_view(), name="rule_set_take_over"
    ),
    path("rule-sets/<int:pk>/switch/", rules.RuleBulkSwitchView.as_view(), name="rule_set_switch"),
    path("rule-sets/<int:pk>/rules/new/", rules.RuleCreateView.as_view(), name="rule_create"),
    path(
        "rule-sets/<int:pk>/rules/<int:rule>/edit/",
        rules.RuleEditView.as_view(),
        name="rule_edit",
    ),
    path(
        "rule-sets/<int:pk>/rules/<int:rule>/delete/",
        rules.RuleDeleteView.as_view(),
        name="rule_delete",
    ),
    path(
        "rule-sets/<int:pk>/rules/<int:rule>/switch/",
        rules.RuleSwitchView.as_view(),
        name="rule_switch",
    ),
]
