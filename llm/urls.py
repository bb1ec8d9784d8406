"""Addresses of the pages of model calls."""

from django.urls import path

from llm.views import calls, costs

app_name = "llm"
urlpatterns = [
    path("", calls.CallListView.as_view(), name="call_list"),
    path("costs/", costs.CostReportView.as_view(), name="cost_report"),
    path("<int:pk>/", calls.CallDetailView.as_view(), name="call_detail"),
]
