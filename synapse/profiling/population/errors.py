"""Why a file can't become a population, each with the place and the mend."""

from synapse.common.errors import DomainError


class UnreadablePopulation(DomainError):
    """A file that can't be taken in as it stands; nothing of it is kept."""

    code = "unreadable_population"
    message = "“{file}” can't be read."
    http_status = 422


class EmptyPopulation(UnreadablePopulation):
    code = "empty_population"
    message = "“{file}” is empty. Upload a file with one record a line."


class NoRecords(UnreadablePopulation):
    code = "no_records"
    message = "“{file}” has {found} and no record under them. Add the records."


class NoGoodRecords(UnreadablePopulation):
    code = "no_good_records"
    message = (
        "None of the {count} records of “{file}” could be read; the first (line {line}): "
        "{reason} Check delimiter, encoding and headings."
    )


class UnknownPopulationType(UnreadablePopulation):
    code = "unknown_population_type"
    message = (
        "“{file}” is {found}. Upload delimited text (CSV, pipe, tab, semicolon), XLSX or Parquet."
    )
    http_status = 415


class DamagedPopulation(UnreadablePopulation):
    code = "damaged_population"
    message = "“{file}” is named or begins like {kind}, but it is damaged or cut off ({found})."


class WorkbookTooLarge(UnreadablePopulation):
    code = "workbook_too_large"
    message = (
        "“{file}” unpacks to more than {limit}. Save the sheet of the records as CSV and upload "
        "that."
    )
    http_status = 413


class UnknownSheet(UnreadablePopulation):
    code = "unknown_sheet"
    message = "“{file}” has no sheet “{sheet}”. Its sheets are: {sheets}."


class BinaryPopulation(UnreadablePopulation):
    code = "nul_bytes"
    message = (
        "“{file}” holds NUL bytes (first in line {line}), so it isn't plain text. "
        "Save it again as UTF-8 text."
    )


class Undecodable(UnreadablePopulation):
    code = "undecodable_population"
    message = (
        "“{file}” isn't {encoding} (byte {byte}). Choose its encoding, or save it again as UTF-8."
    )


class UnknownEncoding(UnreadablePopulation):
    code = "unknown_encoding"
    message = "“{encoding}” is no encoding that can be read. Choose one of: {known}."


class MixedDelimiters(UnreadablePopulation):
    code = "mixed_delimiters"
    message = (
        "“{file}” separates its fields by {first} in most lines and by {second} in others (first "
        "in line {line}). Save it with one separator."
    )


class InvalidDelimiter(UnreadablePopulation):
    code = "invalid_delimiter"
    message = "The {what} must be one character of ASCII, not “{found}”."


class TooManyColumns(UnreadablePopulation):
    code = "too_many_columns"
    message = (
        "“{file}” has {found} columns; {limit} are possible. Leave out columns that the plan "
        "doesn't name, or check the delimiter."
    )


class NestedColumn(UnreadablePopulation):
    code = "nested_column"
    message = "“{file}”: column “{column}” holds {found}. Save it with one plain value a field."


class WrongMatch(UnreadablePopulation):
    code = "wrong_match"
    message = "{reason}"


class LineTooLong(UnreadablePopulation):
    code = "line_too_long"
    message = (
        "Line {line} of “{file}” is longer than {limit}, so it isn't a file with one record a "
        "line. Check its line ends, and for a quotation mark that isn't closed."
    )
