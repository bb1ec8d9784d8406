"""Addresses of planning's pages."""

from django.urls import path, re_path

from synapse.planning.views import attributes, documents, moves, plans, provenance

app_name = "planning"
urlpatterns = [
    path("", plans.PlanListView.as_view(), name="plan_list"),
    path("phases/<int:pk>/", plans.PhaseDetailView.as_view(), name="phase_detail"),
    path("phases/<int:pk>/start/", plans.PlanStartView.as_view(), name="plan_start"),
    path("<int:pk>/", plans.PlanDetailView.as_view(), name="plan_detail"),
    re_path(
        r"^(?P<pk>\d+)/export\.(?P<form>csv|json)$",
        plans.PlanExportView.as_view(),
        name="plan_export",
    ),
    path("<int:pk>/submit/", moves.PlanSubmitView.as_view(), name="plan_submit"),
    path("<int:pk>/withdraw/", moves.PlanWithdrawView.as_view(), name="plan_withdraw"),
    path("<int:pk>/approve/", moves.PlanApproveView.as_view(), name="plan_approve"),
    path("<int:pk>/reject/", moves.PlanRejectView.as_view(), name="plan_reject"),
    path("<int:pk>/revise/", moves.PlanReviseView.as_view(), name="plan_revise"),
    path("<int:pk>/upload/", documents.DocumentUploadView.as_view(), name="document_upload"),
    path(
        "<int:pk>/documents/<int:document>/",
        documents.DocumentDetailView.as_view(),
        name="document_detail",
    ),
    path(
        "<int:pk>/attributes/new/",
        attributes.AttributeCreateView.as_view(),
        name="attribute_create",
    ),
    path(
        "<int:pk>/attributes/<int:attribute>/",
        attributes.AttributeEditView.as_view(),
        name="attribute_edit",
    ),
    path(
        "<int:pk>/attributes/<int:attribute>/delete/",
        attributes.AttributeDeleteView.as_view(),
        name="attribute_delete",
    ),
    path(
        "<int:pk>/attributes/<int:attribute>/flag/",
        attributes.AttributeFlagView.as_view(),
        name="attribute_flag",
    ),
    path(
        "<int:pk>/attributes/<int:attribute>/settle/",
        provenance.AttributeSettleView.as_view(),
        name="attribute_settle",
    ),
    path(
        "<int:pk>/attributes/<int:attribute>/source/",
        provenance.AttributeSourceView.as_view(),
        name="attribute_source",
    ),
    path(
        "<int:pk>/attributes/<int:attribute>/issues/",
        attributes.IssueCreateView.as_view(),
        name="issue_create",
    ),
    path(
        "<int:pk>/attributes/<int:attribute>/issues/<int:issue>/status/",
        attributes.IssueStatusView.as_view(),
        name="issue_status",
    ),
]
