"""Pages of sampling."""

from django.urls import path, re_path

from synapse.sampling.views import drawing, moves, samples, sets

app_name = "sampling"
urlpatterns = [
    path("phase/<int:pk>/", sets.PhaseView.as_view(), name="phase_detail"),
    path("phase/<int:pk>/draw/", drawing.FirstDrawView.as_view(), name="phase_draw"),
    path("sizes/", drawing.SampleSizeView.as_view(), name="sample_size"),
    path("<int:pk>/", sets.SampleSetDetailView.as_view(), name="sampleset_detail"),
    path("<int:pk>/draw/", drawing.RedrawView.as_view(), name="sampleset_draw"),
    path("<int:pk>/add/", samples.SampleAddView.as_view(), name="sampleset_add"),
    path("<int:pk>/decide/", samples.BulkDecideView.as_view(), name="sampleset_decide"),
    path("<int:pk>/compare/", sets.SampleSetCompareView.as_view(), name="sampleset_compare"),
    path("<int:pk>/versions/", sets.SampleSetVersionsView.as_view(), name="sampleset_versions"),
    re_path(
        r"^(?P<pk>[0-9]+)/export\.(?P<form>csv|json)$",
        sets.SampleSetExportView.as_view(),
        name="sampleset_export",
    ),
    path("<int:pk>/submit/", moves.SampleSetSubmitView.as_view(), name="sampleset_submit"),
    path("<int:pk>/withdraw/", moves.SampleSetWithdrawView.as_view(), name="sampleset_withdraw"),
    path("<int:pk>/approve/", moves.SampleSetApproveView.as_view(), name="sampleset_approve"),
    path("<int:pk>/reject/", moves.SampleSetRejectView.as_view(), name="sampleset_reject"),
    path("<int:pk>/revise/", moves.SampleSetReviseView.as_view(), name="sampleset_revise"),
    path(
        "<int:pk>/samples/<int:sample_pk>/",
        sets.SampleDetailView.as_view(),
        name="sample_detail",
    ),
    path(
        "<int:pk>/samples/<int:sample_pk>/history/",
        sets.SampleHistoryView.as_view(),
        name="sample_history",
    ),
    path(
        "<int:pk>/samples/<int:sample_pk>/decide/",
        samples.SampleDecideView.as_view(),
        name="sample_decide",
    ),
    path(
        "<int:pk>/samples/<int:sample_pk>/remove/",
        samples.SampleRemoveView.as_view(),
        name="sample_remove",
    ),
]
