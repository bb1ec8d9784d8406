"""Addresses of the operators' pages, under those of jobs."""

from django.urls import path

from jobs.operators.views import periodics, queues, workers

urlpatterns = [
    path("workers/", workers.WorkerListView.as_view(), name="worker_list"),
    path("queues/", queues.QueueListView.as_view(), name="queue_list"),
    path("queues/<slug:pk>/", queues.QueueDetailView.as_view(), name="queue_detail"),
    path("queues/<slug:pk>/pause/", queues.QueuePauseView.as_view(), name="queue_pause"),
    path("queues/<slug:pk>/resume/", queues.QueueResumeView.as_view(), name="queue_resume"),
    path("periodic/", periodics.PeriodicTaskListView.as_view(), name="periodictask_list"),
    *(
        path(f"periodic/<int:pk>/{step}/", view.as_view(), name=f"periodictask_{name}")
        for step, name, view in [
            ("start", "start", periodics.PeriodicTaskStartView),
            ("stop", "stop", periodics.PeriodicTaskStopView),
            ("go-on", "go_on", periodics.PeriodicTaskGoOnView),
        ]
    ),
]
