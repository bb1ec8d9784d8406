"""Pages of the trail."""

from django.urls import path

from synapse.audit.views import EntryListView

app_name = "audit"
urlpatterns = [path("", EntryListView.as_view(), name="entry_list")]
