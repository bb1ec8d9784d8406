"""What profiling refuses about populations, each with a stable code and the mend in its text."""

from synapse.common.errors import DomainError


class StoredFileMissing(DomainError):
    code = "stored_file_missing"
    message = "The file “{name}” is missing in storage. Restore it, or upload the population anew."


class PlanNotApproved(DomainError):
    code = "plan_not_approved"
    message = "The plan of this report isn't approved yet; its attributes name the columns."


class PopulationTooLarge(DomainError):
    code = "population_too_large"
    message = (
        "“{file}” has {size} MB; a population may have {limit} MB. Split the period, leave out "
        "columns, or have the limit raised."
    )
    http_status = 413


class EmptyUpload(DomainError):
    code = "empty_population"
    message = "“{file}” is empty. Upload a file with one record a line."
    http_status = 422


class WrongPart(DomainError):
    code = "wrong_part"
    message = "Part {number} of “{file}” can't be taken: {reason}."
    http_status = 422


class PartTooLarge(DomainError):
    code = "part_too_large"
    message = "A part has at most {limit} MB. Send the file in parts of this size."
    http_status = 413


class UploadIncomplete(DomainError):
    code = "upload_incomplete"
    message = "“{file}” isn't whole yet: {missing} of {total} parts are missing (first: {first})."


class UploadUnfinished(DomainError):
    code = "upload_unfinished"
    message = "“{file}” isn't whole yet. Send what is missing of it first."


class PopulationInWork(DomainError):
    code = "population_in_work"
    message = "“{file}” is being worked on just now. Wait for the job, or cancel it."


class PopulationFinished(DomainError):
    code = "population_finished"
    message = "“{file}” is imported and can't be changed any more. Upload a newer file instead."


class NotConfirmed(DomainError):
    code = "population_not_confirmed"
    message = "“{file}” isn't confirmed yet. Look at how it is read, then confirm it."


class PopulationChanged(DomainError):
    """The population was confirmed anew while an older import still ran."""

    code = "population_changed"
    message = "“{file}” was confirmed anew meanwhile, so this import has ended."


class ImportPartsMissing(DomainError):
    code = "import_parts_missing"
    message = "{count} parts of “{file}” couldn't be imported. Retry what failed."
