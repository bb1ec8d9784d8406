"""Pages of scoping."""

from django.urls import path

from synapse.scoping import views, views_commands

app_name = "scoping"
urlpatterns = [
    path("phase/<int:pk>/", views.PhaseView.as_view(), name="phase_detail"),
    path("phase/<int:pk>/start/", views_commands.ScopeStartView.as_view(), name="scope_start"),
    path("<int:pk>/", views.ScopeDetailView.as_view(), name="scope_detail"),
    path("<int:pk>/items/<int:item_pk>/", views.ItemDetailView.as_view(), name="item_detail"),
    path(
        "<int:pk>/items/<int:item_pk>/history/",
        views.ItemHistoryView.as_view(),
        name="item_history",
    ),
    path(
        "<int:pk>/items/<int:item_pk>/decide/",
        views_commands.ItemDecideView.as_view(),
        name="item_decide",
    ),
    path("<int:pk>/compare/", views.ScopeCompareView.as_view(), name="scope_compare"),
    path("<int:pk>/versions/", views.ScopeVersionsView.as_view(), name="scope_versions"),
    path("<int:pk>/export.csv", views.ScopeExportView.as_view(), name="scope_export"),
    path("<int:pk>/decide/", views_commands.BulkDecideView.as_view(), name="scope_decide"),
    path("<int:pk>/recommend/", views_commands.RecommendView.as_view(), name="scope_recommend"),
    path("<int:pk>/policy/", views_commands.PolicyView.as_view(), name="scope_policy"),
    path("<int:pk>/submit/", views_commands.ScopeSubmitView.as_view(), name="scope_submit"),
    path("<int:pk>/withdraw/", views_commands.ScopeWithdrawView.as_view(), name="scope_withdraw"),
    path("<int:pk>/approve/", views_commands.ScopeApproveView.as_view(), name="scope_approve"),
    path("<int:pk>/reject/", views_commands.ScopeRejectView.as_view(), name="scope_reject"),
    path("<int:pk>/revise/", views_commands.ScopeReviseView.as_view(), name="scope_revise"),
    path("<int:pk>/take-over/", views_commands.PlanTakeOverView.as_view(), name="plan_take_over"),
]
