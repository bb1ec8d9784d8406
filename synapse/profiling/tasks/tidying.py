"""Takes away what was begun and never finished."""

from django.conf import settings

from jobs import JobRun, PlannedItem, retention, task
from synapse.profiling.services import uploading
from synapse.profiling.tasks.importing import latest_jobs


@task(
    "profiling.drop_uploads",
    queue="batch",
    title="Delete broken-off uploads",
    schedule="55 2 * * *",
    says=retention.deleted,
)
def drop_uploads(run: JobRun) -> dict[str, int]:
    items = run.plan(_planned)
    for item in items:
        with run.commit(item):
            uploading.drop(item.payload)
    return {"broken-off upload": run.job.done}


def _planned() -> list[PlannedItem]:
    """One item an upload, but for those that are just being put together."""
    uploads = uploading.broken_off(settings.UPLOADS_KEEP_DAYS)
    jobs = latest_jobs(uploads)
    return [
        PlannedItem(str(upload.pk), upload.name, upload.pk)
        for upload in uploads
        if upload.pk not in jobs or not jobs[upload.pk].is_live
    ]
