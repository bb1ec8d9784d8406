"""What planning refuses, each with a stable code and the mend in its text."""

from synapse.common.errors import DomainError, Stale


class UnreadableDocument(DomainError):
    """A file that can't be taken in as it stands; nothing of it is kept."""

    code = "unreadable_document"
    message = "“{file}” can't be read."
    http_status = 422


class EmptyFile(UnreadableDocument):
    code = "empty_file"
    message = "“{file}” is empty. Upload a file with a row of headings and one row a field."


class NoFieldRows(UnreadableDocument):
    code = "no_field_rows"
    message = "“{file}” has headings (row {row}) and no field under them. Add one row a field."


class UnknownFileType(UnreadableDocument):
    code = "unknown_file_type"
    message = "“{file}” is {found}. Upload {expected}."
    http_status = 415


class FileTooLarge(UnreadableDocument):
    code = "file_too_large"
    message = "“{file}” is larger than {limit}. Split it, or have the upload limit raised."
    http_status = 413


class NotAWorkbook(UnreadableDocument):
    code = "not_a_workbook"
    message = (
        "“{file}” is named like an Excel workbook, but {found}. "
        "Open it in a spreadsheet and save it as .xlsx, or upload a CSV."
    )


class WorkbookTooLarge(UnreadableDocument):
    code = "workbook_too_large"
    message = (
        "“{file}” unpacks to more than {limit}. Save only the sheet of the dictionary, or a CSV."
    )
    http_status = 413


class NulBytes(UnreadableDocument):
    code = "nul_bytes"
    message = (
        "“{file}” holds NUL bytes (first in row {row}), so it isn't plain text. "
        "Save it again as UTF-8 text."
    )


class UndecodableText(UnreadableDocument):
    code = "undecodable_text"
    message = (
        "“{file}” is neither UTF-8, UTF-16 nor Windows-1252 (row {row}). Save it again as UTF-8."
    )


class UnclosedQuote(UnreadableDocument):
    code = "unclosed_quote"
    message = "“{file}”, row {row}: a quotation mark opens and never closes. Close or double it."


class CellTooLong(UnreadableDocument):
    code = "cell_too_long"
    message = "“{file}”, row {row}: a cell is longer than {limit} characters. Shorten or split it."


class RaggedRows(UnreadableDocument):
    code = "ragged_rows"
    message = (
        "“{file}”, row {row} has {found} cells where the headings have {expected}"
        "{others}. Put cells that contain the separator in quotation marks, "
        "or add the missing cells."
    )


class DuplicateHeading(UnreadableDocument):
    code = "duplicate_heading"
    message = (
        "“{file}” has the heading “{heading}” twice (columns {columns}). Rename or remove one."
    )


class NoNameColumn(UnreadableDocument):
    code = "no_name_column"
    message = (
        "“{file}” has no column with the fields' names. Headings read (row {row}): {headings}. "
        "Rename the right one to “Name”, or say which column it is."
    )


class UnknownColumn(UnreadableDocument):
    code = "unknown_column"
    message = "“{file}” has no column “{column}”. Its headings are: {headings}."


class ColumnMappedTwice(UnreadableDocument):
    code = "column_mapped_twice"
    message = "“{file}”: column “{column}” is chosen for both {first} and {second}. Choose one."


class NameMissing(UnreadableDocument):
    code = "name_missing"
    message = "“{file}”, row {row}: the name is missing in column “{column}”. Fill it in."


class NameTooLong(UnreadableDocument):
    code = "name_too_long"
    message = "“{file}”, row {row}: the name has {found} characters, {limit} are possible."


class DuplicateName(UnreadableDocument):
    code = "duplicate_name"
    message = (
        "“{file}” has two fields named “{name}” (rows {first} and {second}). "
        "Rename or remove one{hint}."
    )


class InvalidJson(UnreadableDocument):
    code = "invalid_json"
    message = "“{file}” isn't valid JSON: {found} (line {row}, column {column}). Mend it there."


class NoJsonRecords(UnreadableDocument):
    code = "no_json_records"
    message = (
        "“{file}” holds no list of fields. Give a list of objects, or an object with a list "
        "named “fields”."
    )


class TooManyRows(UnreadableDocument):
    code = "too_many_rows"
    message = "“{file}” has more than {limit} rows. A dictionary has one row a field; split it."


class NothingLeft(UnreadableDocument):
    code = "nothing_left"
    message = "“{file}” has no active field: all {count} rows are left out ({reasons})."


class UnknownSchedule(UnreadableDocument):
    code = "unknown_schedule"
    message = (
        "“{file}” describes several schedules in column “{column}”: {values}. Choose one of them."
    )


class SpecificationTooLong(UnreadableDocument):
    code = "specification_too_long"
    message = "“{file}” is too long to draft from ({found} parts, {limit} are possible). Split it."
    http_status = 413


class ReadsLikeRecords(UnreadableDocument):
    code = "reads_like_records"
    message = (
        "“{file}” reads like records. Upload it as a population; "
        "a list of fields is uploaded as a dictionary."
    )


class TextNotTaken(DomainError):
    code = "text_not_taken"
    message = "The text of “{file}” {state}"

    LOOK = "isn't taken out yet, or couldn't be: the document's page says which."
    SOON = "is still being taken out. Wait for its job to end."
    NEVER = "couldn't be taken out: {reason}"
    AGAIN = "wasn't taken out. Upload the same file again, to start that anew."


class WrongDocument(DomainError):
    code = "wrong_document"
    message = "“{file}” is a {found}; this needs a {needed} of the same cycle-report."
    http_status = 422


class StaleAttribute(Stale):
    code = "stale_attribute"
    message = "“{name}” was changed {how}. Reload it, look at the change, and save again."


class AttributeExists(DomainError):
    code = "attribute_exists"
    message = "The plan already has an attribute named “{name}”. Choose another name."
    http_status = 422


class IssueExists(DomainError):
    code = "issue_exists"
    message = "Issue {issue} is already noted for “{name}”."
    http_status = 422


class NoText(DomainError):
    code = "no_text"
    message = "“{name}” doesn't come from a text, so there is no passage to show."
    http_status = 404


class NothingToSettle(DomainError):
    code = "nothing_to_settle"
    message = "“{name}” isn't unsupported, so there is nothing to settle."


class NoModelConfigured(DomainError):
    code = "no_model_configured"
    message = (
        "No language model is configured, so nothing can be drafted from text. "
        "Upload a structured dictionary, or set LLM_BASE_URL and LLM_MODEL."
    )


class NothingQuotable(DomainError):
    """All that the model drafted from one part of a text was refused."""

    code = "nothing_quotable"
    message = "None of the {count} attributes drafted from “{place}” could be taken: {reasons}."


class PartlyTaken(DomainError):
    """Some of what the model drafted from one part of a text was refused; the rest is kept."""

    code = "partly_taken"
    message = "{refused} of {count} attributes drafted from “{place}” were refused: {reasons}."
