"""Addresses of the pages of profiles."""

from django.urls import path

from synapse.profiling.views import profiles

urlpatterns = [
    path("phase/<int:pk>/profile/", profiles.ProfileStartView.as_view(), name="profile_start"),
    path("profiles/<int:pk>/", profiles.ProfileDetailView.as_view(), name="profile_detail"),
    path(
        "profiles/<int:pk>/attributes/",
        profiles.ProfileAttributesView.as_view(),
        name="profile_attributes",
    ),
    path(
        "profiles/<int:pk>/failures/",
        profiles.ProfileFailuresView.as_view(),
        name="profile_failures",
    ),
    path(
        "profiles/<int:pk>/results.csv", profiles.ResultExportView.as_view(), name="result_export"
    ),
    path(
        "profiles/<int:pk>/attributes.csv",
        profiles.AttributeExportView.as_view(),
        name="attribute_export",
    ),
    path(
        "profiles/<int:pk>/failures.csv",
        profiles.FailureExportView.as_view(),
        name="failure_export",
    ),
]
