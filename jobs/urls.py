"""Addresses of the job pages."""

from django.urls import include, path

from jobs.mark import JobMarkView
from jobs.views import acting, detail, listing, saved

app_name = "jobs"
urlpatterns = [
    path("", listing.JobListView.as_view(), name="job_list"),
    path("mark/", JobMarkView.as_view(), name="job_mark"),
    path("", include("jobs.operators.urls")),
    path("export/", listing.JobExportView.as_view(), name="job_export"),
    path("seen/", listing.JobsSeenView.as_view(), name="job_seen"),
    path("bulk/", acting.JobBulkView.as_view(), name="job_bulk"),
    path("filters/", saved.SavedFilterListView.as_view(), name="savedfilter_list"),
    path("filters/new/", saved.SavedFilterCreateView.as_view(), name="savedfilter_create"),
    path(
        "filters/<int:pk>/delete/",
        saved.SavedFilterDeleteView.as_view(),
        name="savedfilter_delete",
    ),
    path("<int:pk>/", detail.JobDetailView.as_view(), name="job_detail"),
    path("<int:pk>/bar/", detail.JobBarView.as_view(), name="job_bar"),
    path("<int:pk>/cancel/", acting.JobCancelView.as_view(), name="job_cancel"),
    *(
        path(f"<int:pk>/{name}/", acting.JobActView.as_view(action=name), name=f"job_{name}")
        for name in ("pause", "resume", "retry")
    ),
]
