"""Addresses of the job pages."""

from django.urls import path

from jobs import views

app_name = "jobs"
urlpatterns = [
    path("", views.JobListView.as_view(), name="job_list"),
    path("<int:pk>/", views.JobDetailView.as_view(), name="job_detail"),
    path("<int:pk>/bar/", views.JobBarView.as_view(), name="job_bar"),
    path("<int:pk>/cancel/", views.JobCancelView.as_view(), name="job_cancel"),
    path("<int:pk>/retry/", views.JobRetryView.as_view(), name="job_retry"),
]
