"""Addresses of the pages of populations."""

from django.urls import path

from synapse.profiling.views import population_confirming as confirming
from synapse.profiling.views import populations as views

urlpatterns = [
    path(
        "phase/<int:pk>/population/",
        views.PopulationUploadView.as_view(),
        name="population_upload",
    ),
    path("populations/<int:pk>/", views.PopulationDetailView.as_view(), name="population_detail"),
    path(
        "populations/<int:pk>/confirm/",
        confirming.PopulationConfirmView.as_view(),
        name="population_confirm",
    ),
    path(
        "populations/<int:pk>/import/",
        views.PopulationImportView.as_view(),
        name="population_import",
    ),
    path(
        "populations/<int:pk>/delete/",
        views.PopulationDeleteView.as_view(),
        name="population_delete",
    ),
    path(
        "populations/<int:pk>/rejected-rows.csv",
        views.RejectedRowExportView.as_view(),
        name="rejected_row_export",
    ),
]
