"""REST of jobs: follow them, act on them."""

from jobs.api.acting import JobViewSet

routes = [("jobs", JobViewSet, "job")]
