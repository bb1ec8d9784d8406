"""The trail as a page for administrators."""

from synapse.audit.filters import EntryFilter
from synapse.audit.models import Entry
from synapse.common.views import FilteredListView


class EntryListView(FilteredListView):
    queryset = Entry.objects.select_related("content_type")
    filterset_class = EntryFilter
    template_name = "audit/entry_list.html"
    table_template = "audit/_entry_table.html"

    def allowed(self, user) -> bool:
        return user.is_staff
