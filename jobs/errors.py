"""What can go wrong with a job: errors for callers, and the signals that end a run."""


class JobsError(Exception):
    """Base of the errors a caller may show; judged by its attributes, not its class."""

    code = "jobs_error"
    message = "The job could not be handled."
    http_status = 409
    retryable = False
    retry_at = None
    stops_job = False

    def __init__(self, **details):
        self.details = details
        self.errors = []
        self.message = type(self).message.format(**details)
        super().__init__(self.message)


class AlreadyRunning(JobsError):
    code = "already_running"
    message = "“{title}” is already under way as job {job_id}."

    def __init__(self, job):
        self.job = job
        super().__init__(title=job.title, job_id=job.pk)


class InvalidArguments(JobsError):
    code = "invalid_arguments"
    message = "{task} can't be started: {reason}"
    http_status = 400


class NotJSON(JobsError):
    code = "not_json"
    message = "{where} {reason}"
    http_status = 400


class InvalidTask(JobsError):
    code = "invalid_task"
    message = "Task {task!r} can't be declared: {reason}"
    http_status = 500


class UnknownTask(JobsError):
    code = "unknown_task"
    message = "No task is named {task!r} in this version of the program."
    http_status = 500


class IllegalMove(JobsError):
    code = "illegal_move"
    message = "A job that is {status} can't {move} (job {job_id})."


class JobGone(JobsError):
    code = "job_gone"
    message = "Job {job_id} no longer exists."
    http_status = 404


class NothingToRetry(JobsError):
    code = "nothing_to_retry"
    message = "Job {job_id} has no failed items to try again."


class ItemsUntried(JobsError):
    code = "items_untried"
    message = (
        "Job {job_id} ended before it had tried all of its items: {untried} of {total} are left. "
        "Run the whole of it again."
    )


class NotFound(JobsError):
    """For who may not know of it, the same as for a job that isn't there."""

    code = "not_found"
    message = "There is no job {job_id} that you may see."
    http_status = 404


class NotAllowed(JobsError):
    code = "permission_denied"
    message = "Only its owner and staff may cancel, pause, resume or retry a job."
    http_status = 403


class InvalidFilter(JobsError):
    code = "invalid_filter"
    message = "The filter in the address can't be read: {reason}"
    http_status = 400


class InvalidChoice(JobsError):
    code = "invalid_choice"
    message = "Nothing was done. {reason}"
    http_status = 400


class FilterNotSaved(JobsError):
    code = "filter_not_saved"
    message = "The filter was not saved. {reason}"


class NameTaken(JobsError):
    code = "name_taken"
    message = "You have a filter named “{name}” already."


class InvalidPlan(JobsError):
    code = "invalid_plan"
    message = "The items of this job can't be planned: {reason}"


class AlreadySettled(JobsError):
    code = "already_settled"
    message = "Item {key!r} was already settled: its work must not take effect twice."
    stops_job = True


class ItemsLeft(JobsError):
    code = "items_left"
    message = "The task ended with {left} of {total} items not done."


class AllItemsFailed(JobsError):
    code = "all_items_failed"
    message = "All {total} items failed. {reason}"


class SubjectGone(JobsError):
    code = "subject_gone"
    message = "What this job was to work on ({subject}) has been deleted."


class UnknownQueue(JobsError):
    code = "unknown_queue"
    message = "There is no queue {queue!r}; there are {queues}."
    http_status = 404


class WorkersOutOfRange(JobsError):
    code = "workers_out_of_range"
    message = "A queue can have 1 to {most} workers, or as many as it was started with."
    http_status = 400


class NotPeriodic(JobsError):
    code = "not_periodic"
    message = "No task named {task!r} starts by the clock in this version of the program."
    http_status = 404


class TransactionOpen(JobsError):
    code = "transaction_open"
    message = "{what} must not be called inside a database transaction."
    http_status = 500
    stops_job = True


class RunEnded(BaseException):
    """A signal that ends the run; not an Exception, so no task swallows it by accident."""


class LeaseLost(RunEnded):
    """Somebody else holds the job, or it was finished: this run must write nothing more."""


class CancelSeen(RunEnded):
    """A person asked for the job to be cancelled."""


class PauseSeen(RunEnded):
    """A person asked for the job to be paused."""


class StopSeen(RunEnded):
    """The worker is being stopped: give the job back."""


class TimedOut(RunEnded):
    """The job used up its time."""
