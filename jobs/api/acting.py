"""What clients do to jobs: cancel, pause, resume and retry them, one or many; note their ends."""

from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.decorators import action
from rest_framework.response import Response
from rest_framework.reverse import reverse

from jobs import acting, control, seen, selectors
from jobs.api.following import JobReadViewSet, retry_after
from jobs.errors import IllegalMove, NotAllowed
from jobs.models import Job
from jobs.serializers import (
    JobBulkResultSerializer,
    JobBulkSerializer,
    JobRetrySerializer,
    JobSerializer,
    JobsSeenSerializer,
)

FOLLOW = [
    OpenApiParameter("Location", str, OpenApiParameter.HEADER, response=[202]),
    OpenApiParameter("Retry-After", int, OpenApiParameter.HEADER, response=[202]),
]
ACCEPTED = {"request": None, "parameters": FOLLOW, "responses": {202: JobSerializer}}


class JobViewSet(JobReadViewSet):
    """Jobs: your own, and all of them for staff. Others whose task lets you watch it by its id."""

    def controlled_job(self, pk: str) -> Job:
        job = self.watched_job(pk)
        if not selectors.may_control(self.request.user, job):
            raise NotAllowed
        return job

    @extend_schema(operation_id="jobs_cancel", **ACCEPTED)
    @action(detail=True, methods=["post"])
    def cancel(self, request, pk: str):
        """Ask for the end: at once where it isn't running, else after what is in hand."""
        return accepted(request, control.cancel(self.controlled_job(pk), actor=request.user))

    @extend_schema(operation_id="jobs_pause", **ACCEPTED)
    @action(detail=True, methods=["post"])
    def pause(self, request, pk: str):
        """Let it rest: at once where it isn't running, else after what is in hand."""
        return accepted(request, control.pause(self.controlled_job(pk), actor=request.user))

    @extend_schema(operation_id="jobs_resume", **ACCEPTED)
    @action(detail=True, methods=["post"])
    def resume(self, request, pk: str):
        """Let it go on from its items, or withdraw a pause that has not come about yet."""
        return accepted(request, control.resume(self.controlled_job(pk), actor=request.user))

    @extend_schema(
        operation_id="jobs_retry",
        request=JobRetrySerializer,
        parameters=FOLLOW,
        responses={202: JobSerializer},
    )
    @action(detail=True, methods=["post"])
    def retry(self, request, pk: str):
        """Queue it again; what its items have done stays done."""
        job = self.controlled_job(pk)
        wanted = JobRetrySerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        again = control.retry_failed if wanted.validated_data["only_failed"] else control.retry
        return accepted(request, again(job, actor=request.user))

    @extend_schema(
        operation_id="jobs_bulk",
        request=JobBulkSerializer,
        responses={
            200: OpenApiResponse(JobBulkResultSerializer, "Each of them was done."),
            207: OpenApiResponse(JobBulkResultSerializer, "Some were refused, each says why."),
        },
    )
    @action(detail=False, methods=["post"], pagination_class=None, filterset_class=None)
    def bulk(self, request):
        """Act on many, each by itself: a refusal is told with its job and stops no other."""
        wanted = JobBulkSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        chosen = acting.ACTIONS[wanted.validated_data["action"]]
        outcomes = acting.act_on_many(wanted.validated_data["ids"], chosen, actor=request.user)
        status = 207 if any(each.refusal for each in outcomes) else 200
        return Response({"results": [self.result(each) for each in outcomes]}, status=status)

    def result(self, outcome: acting.Outcome) -> dict:
        """What the same request for this job alone would have answered."""
        if outcome.refusal is None:
            job = JobSerializer(outcome.job).data
            return {"id": outcome.job_id, "status": 202, "job": job, "problem": None}
        # The project's own words for an error, whatever they are.
        answer = self.get_exception_handler()
        problem = answer(outcome.refusal, self.get_exception_handler_context()).data
        status = outcome.refusal.http_status
        return {"id": outcome.job_id, "status": status, "job": None, "problem": problem}

    @extend_schema(operation_id="jobs_seen", request=None, responses={204: None})
    @action(detail=True, methods=["post"])
    def seen(self, request, pk: str):
        """Note that you have seen how your job ended: it is no longer among the unseen."""
        job = self.watched_job(pk)
        if job.owner_id != request.user.pk:
            raise NotAllowed
        if job.is_live:
            status = job.get_status_display().lower()
            raise IllegalMove(job_id=job.pk, status=status, move="be marked as seen")
        seen.mark_seen(job, request.user)
        return Response(status=204)

    @extend_schema(operation_id="jobs_seen_all", request=None, responses={200: JobsSeenSerializer})
    @action(
        detail=False, methods=["post"], url_path="seen", pagination_class=None, filterset_class=None
    )
    def seen_all(self, request):
        """Note that you have seen how all your jobs ended."""
        return Response({"marked": seen.mark_all_seen(request.user)})


def accepted(request, job: Job) -> Response:
    """202: what was asked will happen; Location tells where to follow it."""
    location = reverse("api:job-detail", args=[job.pk], request=request)
    headers = {"Location": location, "Retry-After": retry_after(job)}
    return Response(JobSerializer(job).data, status=202, headers=headers)
