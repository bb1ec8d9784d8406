"""Addresses of the pages of model calls."""

from django.urls import path

from llm.views import calls, costs

app_name = "llm"
urlpatterns = [
    path("", calls.CallListView.as_view(), name="call_list"),
    path("export/", calls.CallExportView.as_view(), name="call_export"),
    path("costs/", costs.CostReportView.as_view(), name="cost_report"),
    path("costs/export/", costs.CostExportView.as_view(), name="cost_export"),
    path("<int:pk>/", calls.CallDetailView.as_view(), name="call_detail"),
    path("<int:pk>/payload/", calls.CallPayloadView.as_view(), name="call_payload"),
    path("<int:pk>/prompt/", calls.CallPromptView.as_view(), name="call_prompt"),
]
