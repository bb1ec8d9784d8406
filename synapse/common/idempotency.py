"""Idempotency-Key: a request repeated with its key takes effect once and is answered alike."""

import hashlib
import json
from datetime import timedelta

from django.db import connection, transaction
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response

from synapse.common.errors import DomainError, Invalid
from synapse.common.models import IdempotentAnswer
from synapse.common.versions import canonical_json

# At least so long; then synapse.common.tasks deletes them.
KEEP = timedelta(hours=48)
MAX_KEY = 128
METHODS = {"POST", "PUT", "PATCH", "DELETE"}
STORED_HEADERS = ("Location", "ETag", "Retry-After")


class KeyInUse(DomainError):
    code = "idempotency_key_in_use"
    message = "The first request with this Idempotency-Key is still running."


class KeyOfOtherRequest(DomainError):
    code = "idempotency_key_reused"
    message = "This Idempotency-Key was used for another request; take a new one."
    http_status = 422


class IdempotentMixin:
    """For API views: effect and stored answer commit in one transaction, so never one without the
    other. Only success is stored; a refusal took no effect and may be sent again with its key.
    """

    def initial(self, request, *args, **kwargs):
        super().initial(request, *args, **kwargs)
        key = request.headers.get("Idempotency-Key", "")
        if not key or request.method not in METHODS or not request.user.is_authenticated:
            return
        if len(key) > MAX_KEY or not key.isprintable():
            raise Invalid(reason=f"An Idempotency-Key has 1 to {MAX_KEY} printable characters.")
        method = request.method.lower()
        handler = getattr(self, method, None)
        if handler:
            setattr(self, method, lambda *args, **kwargs: self._once(key, handler, *args, **kwargs))

    @transaction.atomic
    def _once(self, key: str, handler, request, *args, **kwargs) -> Response:
        fingerprint = _fingerprint(request)
        _claim(request.user.pk, key)
        answers = IdempotentAnswer.objects.filter(user=request.user)
        known = answers.filter(key=key).first()
        if known:
            if known.fingerprint != fingerprint:
                raise KeyOfOtherRequest()
            return _replay(known)
        response = handler(request, *args, **kwargs)
        if response.status_code < 400:
            IdempotentAnswer.objects.create(
                user=request.user,
                key=key,
                fingerprint=fingerprint,
                status=response.status_code,
                headers={name: response[name] for name in STORED_HEADERS if name in response},
                body="" if response.data is None else JSONRenderer().render(response.data).decode(),
            )
        return response


def _claim(user_id: int, key: str) -> None:
    """Held until the transaction ends, so that the same key never runs twice at once."""
    digest = hashlib.sha256(f"{user_id}:{key}".encode()).digest()
    number = int.from_bytes(digest[:8], signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [number])
        if not cursor.fetchone()[0]:
            raise KeyInUse()


def _fingerprint(request) -> str:
    """Method, address and content; files by their bytes."""
    data = request.data
    if hasattr(data, "lists"):
        data = {name: [_value(part) for part in parts] for name, parts in data.lists()}
    text = canonical_json([request.method, request.get_full_path(), data])
    return hashlib.sha256(text.encode()).hexdigest()


def _value(part) -> str:
    if not hasattr(part, "chunks"):
        return str(part)
    digest = hashlib.sha256()
    for chunk in part.chunks():
        digest.update(chunk)
    part.seek(0)
    return f"{part.name}:{digest.hexdigest()}"


def _replay(known: IdempotentAnswer) -> Response:
    return Response(
        json.loads(known.body) if known.body else None,
        status=known.status,
        headers=known.headers | {"Idempotency-Replayed": "true"},
    )
