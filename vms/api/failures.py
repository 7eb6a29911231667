"""One table from the error tree to HTTP, one form for every error."""

import logging
import re
from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import DataError, OperationalError
from starlette.exceptions import HTTPException

from vms.api.known_query import UnknownParameter
from vms.api.models.live import CloseCode
from vms.api.models.shape import ErrorAnswer, ErrorBody
from vms.api.rate_limit import TooMany
from vms.core.errors import (
    BadInput,
    Conflict,
    LoginRefused,
    NotAllowed,
    NotFound,
    NotSignedIn,
    PersonMustAct,
    TryAgain,
    VmsError,
)
from vms.media.live import NewsKind
from vms.media.trouble import PictureFailed
from vms.services.sign_in import LockedOut

LOG = logging.getLogger(__name__)

HTTP_STATUS: tuple[tuple[type[VmsError], int], ...] = (
    (UnknownParameter, 422),
    (BadInput, 400),
    (NotSignedIn, 401),
    (NotAllowed, 403),
    (NotFound, 404),
    (TooMany, 429),
    (LockedOut, 429),
    (LoginRefused, 502),
    (Conflict, 409),
    (PersonMustAct, 409),
    (PictureFailed, 502),
    (TryAgain, 503),
    (VmsError, 500),
)
"""The first that fits."""

_OF_FRAMEWORK = {
    400: ("bad_json", "this is not JSON in UTF-8, or too deep"),
    404: ("not_found", "there is no such address"),
    405: ("method_not_allowed", "this address does not take that method"),
    413: ("too_large", "at most 1 MB is taken"),
}

ERRORS: dict[int | str, dict[str, object]] = {
    status: {"model": ErrorAnswer, "description": text}
    for status, text in (
        (400, "bad input"),
        (401, "not signed in"),
        (403, "refused; the message says why"),
        (404, "not found"),
        (409, "conflict"),
        (413, "more than 1 MB"),
        (422, "a field does not fit"),
        (429, "too many"),
        (502, "the camera refused or did not give what was asked"),
        (503, "try again"),
    )
}
"""For the routes' `responses`, so that the contract names them."""


def http_status(error: VmsError) -> int:
    return next(status for kind, status in HTTP_STATUS if isinstance(error, kind))


def install(app: FastAPI) -> None:
    app.add_exception_handler(VmsError, _of_house)
    app.add_exception_handler(RequestValidationError, _of_shape)
    app.add_exception_handler(HTTPException, _of_framework)
    app.add_exception_handler(OperationalError, _of_database)
    app.add_exception_handler(DataError, _of_data)
    app.add_exception_handler(Exception, _bug)


def answer(
    status: int, code: str, message: str, where: str = "", headers: Mapping[str, str] | None = None
) -> JSONResponse:
    body = ErrorAnswer(error=ErrorBody(code=code, message=message, where=where))
    return JSONResponse(body.model_dump(), status_code=status, headers=dict(headers or {}))


async def _of_house(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, VmsError)
    headers = {"Retry-After": str(error.retry_after_s)} if isinstance(error, TooMany | LockedOut) else {}
    where = error.where if isinstance(error, BadInput | NotFound) else ""
    return answer(http_status(error), error.code, error.message, where, headers)


async def _of_shape(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    if first["type"] == "json_invalid":
        return answer(400, *_OF_FRAMEWORK[400])
    place = _place(first)
    also = [one for one in error.errors() if one["type"] == "enum" == first["type"] and _place(one) == place]
    message = _one_of(also) if len(also) > 1 else str(first["msg"]).removeprefix("Value error, ")
    return answer(422, "bad_input", message, place[:200])


def _place(told: Mapping[str, Any]) -> str:
    """Without the names of the types that were tried there."""
    parts = [str(part) for part in told["loc"] if part not in ("body", "query", "path", "header")]
    return ".".join(part for part in parts if "[" not in part)


def _one_of(told: Sequence[Mapping[str, Any]]) -> str:
    """Where any of several lists of words is taken: all of them."""
    *words, last = dict.fromkeys(word for one in told for word in re.findall(r"'[^']*'", one["ctx"]["expected"]))
    return f"Input should be {', '.join(words)} or {last}"


async def _of_framework(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    code, message = _OF_FRAMEWORK.get(error.status_code, ("http_error", str(error.detail)))
    return answer(error.status_code, code, message, headers=error.headers)


async def _of_database(_request: Request, error: Exception) -> JSONResponse:
    LOG.warning("the database is away or busy: %s", error)
    return answer(503, "try_again", "the database is busy; try again in a moment", headers={"Retry-After": "1"})


async def _of_data(_request: Request, _error: Exception) -> JSONResponse:
    return answer(400, "bad_input", "the database cannot hold this value")


async def _bug(request: Request, error: Exception) -> JSONResponse:
    LOG.error("%s %s failed", request.method, request.url.path, exc_info=error)
    return answer(500, "bug", "the server made a mistake; it has been logged")


LIVE_CLOSE = {NewsKind.ENDED: CloseCode.ENDED, NewsKind.REFUSED: CloseCode.AWAY}
"""What the gateway says last, as the WebSocket's close code."""


def live_close(error: VmsError) -> CloseCode:
    """Errors before the first picture, as the WebSocket's close code."""
    return {401: CloseCode.NOT_SIGNED_IN, 403: CloseCode.REFUSED, 404: CloseCode.NOT_FOUND}.get(
        http_status(error), CloseCode.AWAY
    )
