"""What the words of a dictionary state of an attribute beyond its type."""

import re
from typing import Any

from synapse.planning.states import DataType

NUMBER = r"(-?[0-9][0-9,]*(?:\.[0-9]+)?)\s*%?"
BETWEEN = re.compile(
    rf"(?i)\b(?:between|range(?:s|d)?(?:\s+(?:is|of|from))?:?|valid values? (?:are )?from|"
    rf"values? from)\s+{NUMBER}\s*(?:and|to|through|-|–)\s*{NUMBER}"
)
AT_LEAST_NOTHING = re.compile(
    r"(?i)\bnon-?\s?negative\b|\b(?:can ?not|must not|may not|should not|can't) be negative\b|"
    r"\b(?:greater than or equal to|at least|not less than|>=|≥)\s*(?:zero|0)(?![.,]?[0-9])"
)
POSITIVE = re.compile(
    r"(?i)\bgreater than (?:zero|0)(?![.,]?[0-9])|\bpositive (?:number|integer)\b"
)
# "A one in ten probability is reported as 0.1": a fraction, though no limit is written.
FRACTION = re.compile(
    r"(?i)\b(?:probability|rate|percent(?:age)?|loss given default)\b[^.]*\breported as 0\.[0-9]+"
)
# FICO scores and VantageScores run from 300 to 850.
CREDIT_SCORE = re.compile(
    r"(?i)\b(?:credit (?:bureau )?score|fico(?: score)?|vantage ?score)\b"
    r"(?!.*\b(?:name|version|model|date|flag|type|code|change|source|internal)\b)"
)
NEVER_NEGATIVE = re.compile(
    r"(?i)\b(?:limit|number of|count of|days (?:past due|late|in arrears|delinquent)|sum insured|"
    r"quantity|notional)\b"
    r"(?!.*\b(?:change|variance|net|adjust\w*|difference|flag|type|code|indicator|name|date)\b)"
)
MONTH_END = re.compile(
    r"(?i)\blast (?:calendar )?day of (?:the|a|each) (?:reporting )?(?:month|quarter)\b|"
    r"\bmonth[- ]end date\b"
)
MAY_BE_BLANK = re.compile(
    r"(?i)\b(?:leave|left|report(?:ed)?(?: as)?|be|or|is)\s+(?:this (?:field|line item|item)\s+)?"
    r"(?:the (?:line item|field)\s+)?(?:blank|null|empty)\b|"
    r"\b(?:field|line item|item) (?:should|may|can|will) be (?:left )?(?:blank|null|empty)\b|"
    r"\bonly be populated\b"
)
NAMES_A_RECORD = re.compile(
    r"(?i)\bunique(?:ly)?\b[^.]{0,40}\b(?:identif\w+|number|reference)\b[^.]{0,30}"
    r"\b(?:loan|account|record|application|facility|transaction|row|contract|position|trade)s?\b"
    r"(?! for the same)"
)
SAME_FOR_MANY = re.compile(r"(?i)\bsame across\b|\bfor the same customer\b|\bmultiple accounts\b")
FILE_WIDE = re.compile(
    r"(?i)^(?:reporting|report|as[ -]of|filing|calendar|activity|data)[ _-]?"
    r"(?:period|month|quarter|year|date)(?: id| end| end date)?$|"
    r"^(?:period|quarter|year)(?: id| end| end date)?$|^record (?:identifier|type)$"
)
FILER = re.compile(
    r"(?i)\b(?:bank|institution|respondent|reporter|filer|firm|entity) (?:id|identifier|rssd)\b|"
    r"\blegal entity identifier\b|\brssd(?: id)?$"
)
STATE_NAME = re.compile(r"(?i)\bstate\b(?!ment|d)")
POSTAL = re.compile(r"(?i)\bpostal (?:code|abbreviation)|two[- ]letter")
REPORT_AS = re.compile(
    r"\b(?:report(?:ed)? as|use|code(?: value)? of)\s+[\"“]?([A-Z]{2})\b"
    r"|\b([A-Z]{2})[\"”]? (?:marks|means|stands for)\b"
)
ZIP_NAME = re.compile(r"(?i)\bzip\b")
FIVE_OR_NINE = re.compile(r"(?i)\b(?:nine|five|9|5)[- ]digit\b")
NO_DASHES = re.compile(r"(?i)\b(?:no|without) (?:dash|hyphen)")
STATES = [
    "AL", "AK", "AZ", "AR", "CA", "CO", "CT", "DE", "DC", "FL", "GA", "HI", "ID", "IL", "IN",
    "IA", "KS", "KY", "LA", "ME", "MD", "MA", "MI", "MN", "MS", "MO", "MT", "NE", "NV", "NH",
    "NJ", "NM", "NY", "NC", "ND", "OH", "OK", "OR", "PA", "RI", "SC", "SD", "TN", "TX", "UT",
    "VT", "VA", "WA", "WV", "WI", "WY", "AS", "GU", "MP", "PR", "VI", "UM", "FM", "MH", "PW",
    "AA", "AE", "AP",
]  # fmt: skip


def text_of(attribute) -> str:
    return f"{attribute.format}\n{attribute.description}"


def stated_range(attribute, codes: tuple[str, ...]) -> tuple[dict[str, Any], bool] | None:
    """The limits that are written, and whether they are only inferred."""
    if attribute.data_type not in (DataType.INTEGER, DataType.DECIMAL):
        return None
    text = text_of(attribute)
    if found := BETWEEN.search(text):
        low, high = (part.replace(",", "") for part in found.groups())
        if float(low) < float(high):
            return {"min": low, "max": high}, False
    if AT_LEAST_NOTHING.search(text):
        return {"min": "0"}, False
    if POSITIVE.search(text) and attribute.data_type == DataType.INTEGER:
        return {"min": "1"}, False
    if FRACTION.search(" ".join(text.split())):
        return {"min": "0", "max": "1"}, True
    if CREDIT_SCORE.search(attribute.name):
        return {"min": "300", "max": "850"}, True
    if NEVER_NEGATIVE.search(attribute.name):
        return {"min": "0"}, True
    return None


def ends_month(attribute) -> bool:
    return bool(MONTH_END.search(text_of(attribute).replace("\n", " ")))


def blank_is_stated(attribute) -> str:
    """The words by which the dictionary allows a blank; empty when it doesn't."""
    found = MAY_BE_BLANK.search(" ".join(text_of(attribute).split()))
    return found.group().strip() if found else ""


def names_a_record(attribute) -> bool:
    """Whether this column alone tells records apart, as the description has it."""
    text = " ".join(attribute.description.split())
    return bool(NAMES_A_RECORD.search(text)) and not SAME_FOR_MANY.search(text)


def is_file_wide(attribute) -> bool:
    """Whether a file has one value of it: the reporting period, the institution that files."""
    name = re.sub(r"\s*\([^)]*\)", "", attribute.name).strip()
    return bool(FILE_WIDE.search(name) or attribute.is_key and FILER.search(name))


def state_codes(attribute) -> list[str] | None:
    """US postal codes, with the codes that the description adds to them."""
    if attribute.data_type != DataType.STRING or not STATE_NAME.search(attribute.name):
        return None
    text = " ".join(text_of(attribute).split())
    if not POSTAL.search(text):
        return None
    return list(dict.fromkeys([*STATES, *map("".join, REPORT_AS.findall(text))]))


def zip_pattern(attribute) -> str | None:
    if attribute.data_type != DataType.STRING or not ZIP_NAME.search(attribute.name):
        return None
    text = " ".join(text_of(attribute).split())
    if not FIVE_OR_NINE.search(text):
        return None
    return r"[0-9]{5}([0-9]{4})?" if NO_DASHES.search(text) else r"[0-9]{5}(-?[0-9]{4})?"
