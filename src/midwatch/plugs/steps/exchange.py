"""One HTTP request and its answer, with limits on time and size.

Python's own client does all that is needed here: no redirects to follow silently, no pool, no
session. httpx would add seven packages and 70 ms to each request of a step.
"""

from __future__ import annotations

import base64
import dataclasses
import http.client
import ssl
import urllib.parse
from collections.abc import Mapping

from midwatch.base import clock

CLOCK = clock.SystemClock()
OK = 200
CHUNK = 1 << 14


@dataclasses.dataclass(frozen=True, slots=True)
class Request:
    """What is sent."""

    method: str
    url: str
    headers: Mapping[str, str] = dataclasses.field(default_factory=dict)
    body: bytes | None = None
    seconds: float = 30.0


@dataclasses.dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    reason: str
    headers: Mapping[str, str]
    body: bytes
    cut: bool
    """There was more than is shown."""
    seconds: float


class NotSentError(Exception):
    """Nobody was reached: the request did not get out."""


class NoAnswerError(Exception):
    """The request got out, and no whole answer came back."""


def send(request: Request, *, longest: int) -> Answer:
    """Send the request and take up to that many bytes of its answer."""
    parts = urllib.parse.urlsplit(request.url)
    began = CLOCK.monotonic()
    connection = _connection(parts, request.seconds)
    try:
        connection.connect()
    except (OSError, http.client.HTTPException) as error:
        raise NotSentError(_reason(error)) from error
    headers = {"User-Agent": "midwatch", "Accept": "*/*", **_authorization(parts)}
    path = urllib.parse.urlunsplit(("", "", parts.path or "/", parts.query, ""))
    try:
        connection.request(request.method, path, request.body, {**headers, **request.headers})
        answer = connection.getresponse()
        body, cut = _body(answer, longest, began + request.seconds)
    except (OSError, http.client.HTTPException) as error:
        raise NoAnswerError(_reason(error)) from error
    finally:
        connection.close()
    took = CLOCK.monotonic() - began
    names = dict(answer.getheaders())
    return Answer(answer.status, answer.reason, names, body, cut, took)


def _connection(parts: urllib.parse.SplitResult, seconds: float) -> http.client.HTTPConnection:
    host = parts.hostname or ""
    if parts.scheme == "https":
        context = ssl.create_default_context()
        return http.client.HTTPSConnection(host, parts.port, timeout=seconds, context=context)
    return http.client.HTTPConnection(host, parts.port, timeout=seconds)


def _authorization(parts: urllib.parse.SplitResult) -> dict[str, str]:
    if parts.username is None:
        return {}
    name = urllib.parse.unquote(parts.username)
    password = urllib.parse.unquote(parts.password or "")
    encoded = base64.b64encode(f"{name}:{password}".encode()).decode()
    return {"Authorization": f"Basic {encoded}"}


def _body(answer: http.client.HTTPResponse, longest: int, until: float) -> tuple[bytes, bool]:
    """The body up to its limit; a slow drip is cut off by the clock."""
    body = b""
    while len(body) <= longest:
        if CLOCK.monotonic() > until:
            raise TimeoutError("it did not end in time")
        data = answer.read1(CHUNK)
        if not data:
            return body, False
        body += data
    return body[:longest], True


def _reason(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror.lower()
    return str(error) or type(error).__name__
