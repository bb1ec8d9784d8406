"""The kinds of reasons, what each makes of a record, and how strongly it counts.

Strengths are in tenths, so that ranks are whole numbers and the same on every machine.
"""

ANOMALY, BOUNDARY, CLEAN = "anomaly", "boundary", "clean"
PRECEDENCE = {ANOMALY: 0, BOUNDARY: 1, CLEAN: 2}

RULE = "rule"
MISSING, UNREADABLE, UNLISTED, TOO_LONG = "missing", "unreadable", "unlisted", "too_long"
BEYOND_LIMIT, OUTLIER, SENTINEL, RARE = "beyond_limit", "outlier", "sentinel", "rare"
LIMIT, EXTREME, MONTH_END = "limit", "extreme", "month_end"

RULE_TENTHS = {"critical": 10, "high": 8, "medium": 6, "low": 4}
TENTHS = {
    MISSING: 6,
    UNREADABLE: 6,
    UNLISTED: 6,
    TOO_LONG: 6,
    BEYOND_LIMIT: 6,
    OUTLIER: 6,
    SENTINEL: 6,
    RARE: 4,
    LIMIT: 5,
    EXTREME: 5,
    MONTH_END: 5,
}
BOUNDARY_KINDS = (LIMIT, EXTREME, MONTH_END)
# A rule of this kind on one column judges what the check of ours would judge again.
JUDGED_BY_RULE = {
    "not_blank": MISSING,
    "in_set": UNLISTED,
    "length": TOO_LONG,
    "range": BEYOND_LIMIT,
}


def category_of(kind: str) -> str:
    return BOUNDARY if kind in BOUNDARY_KINDS else ANOMALY
