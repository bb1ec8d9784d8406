"""Address of the page of a profiling phase."""

from django.urls import path

from synapse.profiling.views import phases

urlpatterns = [path("phase/<int:pk>/", phases.PhaseDetailView.as_view(), name="phase_detail")]
