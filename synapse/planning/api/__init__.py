"""Planning over REST."""

from synapse.planning.api.attributes import AttributeViewSet, IssueViewSet
from synapse.planning.api.documents import DocumentViewSet
from synapse.planning.api.plans import PlanViewSet

routes = [
    ("plans", PlanViewSet, "plan"),
    ("attributes", AttributeViewSet, "attribute"),
    ("issues", IssueViewSet, "issue"),
    ("documents", DocumentViewSet, "document"),
]
