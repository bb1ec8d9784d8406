"""ETag and If-Match: nobody overwrites what they have not read."""

from rest_framework.request import Request

from synapse.common.errors import PreconditionRequired, Stale


def etag(version: int) -> str:
    return f'"{version}"'


def require_match(request: Request, version: int, what: str = "This") -> int:
    """The version the client read, which must be the present one; 428 without, 412 if stale."""
    header = request.headers.get("If-Match", "").strip()
    if not header:
        raise PreconditionRequired()
    # Weak tags are what some proxies make of ours when they compress.
    tags = [tag.strip().removeprefix("W/") for tag in header.split(",")]
    if header != "*" and etag(version) not in tags:
        raise Stale(what=what)
    return version
