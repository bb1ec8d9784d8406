"""Requests and tokens a minute that a provider allows, shared by all workers as one bucket.

A bucket fills evenly up to a minute's worth. What a call takes is estimated before it is sent and
corrected once the provider has said what it was.
"""

# ruff: noqa: S608  SQL is put together from this program's own constants only

from dataclasses import dataclass

from django.db import connection

from llm.conf import Conf
from llm.errors import RateLimited
from llm.failures import in_seconds

FILLED = """LEAST({limit}::float8, bucket.{what} + {limit}::float8 / 60
    * extract(epoch FROM statement_timestamp() - bucket.filled_at))"""
REQUESTS = FILLED.format(limit="%(rpm)s", what="requests")
TOKENS = FILLED.format(limit="%(tpm)s", what="tokens")
# A limit of nought is none: that side of the bucket is neither asked nor emptied.
TAKE = f"""
INSERT INTO llm_ratebucket AS bucket (provider, model, requests, tokens, filled_at)
VALUES (%(provider)s, %(model)s, %(rpm)s - 1, %(tpm)s - %(wanted)s, statement_timestamp())
ON CONFLICT (provider, model) DO UPDATE SET
    requests = {REQUESTS} - 1, tokens = {TOKENS} - %(wanted)s, filled_at = statement_timestamp()
WHERE (%(rpm)s = 0 OR {REQUESTS} >= 1)
    AND (%(tpm)s = 0 OR {TOKENS} >= LEAST(%(wanted)s, %(tpm)s))
RETURNING true
"""
MISSING = f"""
SELECT GREATEST(
    CASE WHEN %(rpm)s > 0 THEN (1 - {REQUESTS}) * 60 / %(rpm)s ELSE 0 END,
    CASE WHEN %(tpm)s > 0 THEN (LEAST(%(wanted)s, %(tpm)s) - {TOKENS}) * 60 / %(tpm)s ELSE 0 END
)::float8
FROM llm_ratebucket AS bucket WHERE provider = %(provider)s AND model = %(model)s
"""
CORRECT = """
UPDATE llm_ratebucket SET tokens = LEAST(tokens + %(difference)s, %(tpm)s)
WHERE provider = %(provider)s AND model = %(model)s
"""


@dataclass(frozen=True)
class Taken:
    """What an attempt has taken out of the bucket."""

    tokens: int


def take(tokens: int, conf: Conf) -> Taken | None:
    """One request and its tokens; None where no rate is set.

    Raises RateLimited with the moment at which the bucket will hold enough: the job waits until
    then, and its worker does other things. A call larger than a minute's worth takes a full bucket.
    """
    if not (conf.rpm or conf.tpm):
        return None
    values = _values(conf) | {"wanted": tokens}
    with connection.cursor() as cursor:
        cursor.execute(TAKE, values)
        if cursor.fetchone():
            return Taken(tokens)
        cursor.execute(MISSING, values)
        missing = max(cursor.fetchone()[0], 0.1)
    moment = in_seconds(missing)
    raise RateLimited(retry_at=moment)


def correct(taken: Taken | None, spent: int | None, conf: Conf) -> None:
    """Gives back what was estimated too much, or takes what was too little."""
    if taken is None or spent is None or not conf.tpm:
        return
    with connection.cursor() as cursor:
        cursor.execute(CORRECT, _values(conf) | {"difference": taken.tokens - spent})


def _values(conf: Conf) -> dict:
    return {
        "provider": conf.provider,
        "model": conf.model,
        "rpm": conf.rpm,
        "tpm": conf.tpm,
    }
