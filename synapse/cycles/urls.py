"""Pages of the spine; the to-do list is the home page."""

from django.urls import path

from synapse.cycles import views, views_inventory

app_name = "cycles"
urlpatterns = [
    path("", views.HomeView.as_view(), name="home"),
    path("reports/", views_inventory.ReportListView.as_view(), name="report_list"),
    path("reports/new/", views_inventory.ReportCreateView.as_view(), name="report_create"),
    path("reports/<int:pk>/", views_inventory.ReportDetailView.as_view(), name="report_detail"),
    path(
        "reports/<int:pk>/edit/", views_inventory.ReportUpdateView.as_view(), name="report_update"
    ),
    path("cycles/", views_inventory.CycleListView.as_view(), name="cycle_list"),
    path("cycles/new/", views_inventory.CycleCreateView.as_view(), name="cycle_create"),
    path("cycles/<int:pk>/", views_inventory.CycleDetailView.as_view(), name="cycle_detail"),
    path("cycles/<int:pk>/edit/", views_inventory.CycleUpdateView.as_view(), name="cycle_update"),
    path(
        "cycles/<int:pk>/add-report/",
        views_inventory.CycleReportCreateView.as_view(),
        name="cycle_report_create",
    ),
    path("cycle-reports/", views.CycleReportListView.as_view(), name="cycle_report_list"),
    path(
        "cycle-reports/<int:pk>/",
        views.CycleReportDetailView.as_view(),
        name="cycle_report_detail",
    ),
    path("cycle-reports/<int:pk>/tester/", views.TesterAssignView.as_view(), name="tester_assign"),
    path(
        "cycle-reports/<int:pk>/history/",
        views.CycleReportHistoryView.as_view(),
        name="cycle_report_history",
    ),
    path("phases/<int:pk>/start/", views.PhaseStartView.as_view(), name="phase_start"),
    path("phases/<int:pk>/complete/", views.PhaseCompleteView.as_view(), name="phase_complete"),
    path("phases/<int:pk>/skip/", views.PhaseSkipView.as_view(), name="phase_skip"),
    path("phases/<int:pk>/reopen/", views.PhaseReopenView.as_view(), name="phase_reopen"),
    path("phases/<int:pk>/plan/", views.PhasePlanView.as_view(), name="phase_plan"),
]
