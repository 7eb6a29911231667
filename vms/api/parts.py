"""Parts of requests and answers that several endpoints share: boxes, ready-made JSON with an ETag."""

import gzip
import hashlib
from collections.abc import Callable, Iterable
from math import isfinite

from fastapi import Request, Response

from vms.core.errors import BadInput
from vms.services.coverage.answers import Box

WORTH_PACKING_BYTES = 2000
PACKED_LIGHTLY = 3


def parse_box(text: str) -> Box | None:
    """`west,south,east,north` in degrees; empty: None. Raises BadInput."""
    if not text:
        return None
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        raise BadInput("four numbers: west,south,east,north", where="bbox") from None
    if not all(isfinite(value) for value in (west, south, east, north)) or west > east or south > north:
        raise BadInput("west ≤ east and south ≤ north, in degrees", where="bbox")
    return (west, south, east, north)


def content_tag(kind: str, content: bytes) -> str:
    """An ETag of what is sent."""
    return f'"{kind}{hashlib.blake2b(content, digest_size=12).hexdigest()}"'


def ready_json(
    request: Request, tag: str, make: Callable[[], Iterable[str] | bytes], *, media_type: str = "application/geo+json"
) -> Response:
    """Made only when the caller has not got it; packed when it is worth it."""
    headers = {"ETag": tag, "Cache-Control": "private, no-cache", "Vary": "Accept-Encoding, Cookie, Authorization"}
    if tag in (known.strip() for known in request.headers.get("if-none-match", "").split(",")):
        return Response(status_code=304, headers=headers)
    made = make()
    content = made if isinstance(made, bytes) else "".join(made).encode()
    if len(content) > WORTH_PACKING_BYTES and "gzip" in request.headers.get("accept-encoding", ""):
        content = gzip.compress(content, PACKED_LIGHTLY)
        headers["Content-Encoding"] = "gzip"
    return Response(content, media_type=media_type, headers=headers)
