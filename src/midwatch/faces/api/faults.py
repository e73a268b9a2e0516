"""The one shape of every error: RFC 9457's, with the next step as `hint`."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping

from starlette import exceptions, requests, responses

from midwatch.app import handing_in, second_person
from midwatch.base import errors

CONTENT_TYPE = "application/problem+json"
TITLES = {
    400: "not understood",
    401: "no valid token",
    403: "not allowed",
    404: "not found",
    405: "not for this method",
    409: "it conflicts",
    413: "too large",
    415: "of a kind that is not read",
    429: "too many",
    500: "a bug in Midwatch",
    503: "not now",
}
SOON = "1"
"""Seconds after which a sender may try again, where nobody knows better."""


class Fault(Exception):  # noqa: N818  (what is wrong, and its status)
    """A request that ends here."""

    def __init__(self, status: int, detail: str, hint: str = "") -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.hint = hint
        self.headers: dict[str, str] = {}


def of(error: errors.MidwatchError) -> Fault:
    """The fault that an error is over HTTP."""
    fault = Fault(_status(error), error.message, error.hint)
    if isinstance(error, handing_in.TooManyError):
        fault.headers["Retry-After"] = str(math.ceil(error.seconds))
    elif fault.status == 503:  # noqa: PLR2004  (the status of HTTP)
        fault.headers["Retry-After"] = SOON
    return fault


def _status(error: errors.MidwatchError) -> int:
    match error:
        case handing_in.TooManyError():
            return 429
        case errors.NotFoundError():
            return 404
        case errors.DeniedError() | second_person.OwnRunError():
            return 403
        case errors.ConflictError() | errors.WaitingError():
            return 409
        case errors.UserError():
            return 400
        case errors.BugError():
            return 500
        case _:
            return 503


def body(fault: Fault) -> bytes:
    """The fault as JSON."""
    told = {
        "title": TITLES.get(fault.status, "refused"),
        "status": fault.status,
        "detail": fault.detail,
    }
    return json.dumps(told | ({"hint": fault.hint} if fault.hint else {})).encode()


def answer(fault: Fault) -> responses.Response:
    """The fault as an answer."""
    return responses.Response(body(fault), fault.status, fault.headers, CONTENT_TYPE)


async def of_http(_: requests.Request, error: Exception) -> responses.Response:
    """What the router says: there is no such path, or not for this method."""
    if not isinstance(error, exceptions.HTTPException):
        return await of_bug(_, error)
    detail = {404: "There is no such path.", 405: "The path is there, not for this method."}
    fault = Fault(error.status_code, detail.get(error.status_code, error.detail), "/openapi.json")
    headers: Mapping[str, str] = error.headers or {}
    fault.headers.update(headers)
    return answer(fault)


async def of_bug(_: requests.Request, error: Exception) -> responses.Response:
    """What nobody thought of; its trace is in the log."""
    del error
    return answer(Fault(500, "This is a bug in Midwatch; its log has the details."))
