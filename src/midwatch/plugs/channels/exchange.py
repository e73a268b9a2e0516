"""One HTTP request of a channel: it ends, follows nothing, and its errors hold no secret."""

from __future__ import annotations

import dataclasses
import datetime
import email.utils
import functools
import json
import ssl
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import midwatch
from midwatch.base import lazy
from midwatch.incidents import delivery

if TYPE_CHECKING:
    import httpx
else:
    httpx = lazy.module("httpx")

SECONDS = 8.0
MOST_BYTES = 64 * 1024
LONGEST_TOLD = 160
LONGEST_WAIT = 3600.0
AGENT = f"midwatch/{midwatch.__version__}"
LATER = frozenset({408, 425, 429})
REDIRECTS = range(300, 400)
SERVER_ERRORS = 500
CONTROLS = lazy.pattern(r"[\x00-\x1f\x7f\u0080-\u009f\u2028\u2029]+")


@dataclasses.dataclass(frozen=True, slots=True)
class Answer:
    """What the server said."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Mapping[str, Any]:
        """The body as an object; empty where it is none."""
        try:
            found = json.loads(self.body)
        except (ValueError, RecursionError):
            return {}
        return found if isinstance(found, dict) else {}


@dataclasses.dataclass(frozen=True, slots=True)
class Request:
    """What is sent."""

    url: str
    content: bytes = b""
    headers: Mapping[str, str] = dataclasses.field(default_factory=dict)
    method: str = "POST"


def ask(request: Request) -> Answer | delivery.Later:
    """Send it; whatever keeps it from being answered may be over later."""
    headers = {"user-agent": AGENT, **request.headers}
    try:
        with (
            httpx.Client(timeout=SECONDS, follow_redirects=False, verify=_trust()) as client,
            client.stream(
                request.method, request.url, content=request.content, headers=headers
            ) as answer,
        ):
            body = _some(answer)
            return Answer(answer.status_code, dict(answer.headers), body)
    except httpx.TimeoutException:
        return delivery.Later(f"no answer within {SECONDS:g} s")
    except httpx.TransportError as error:
        return delivery.Later(_reason(error))
    except (httpx.InvalidURL, httpx.HTTPError, UnicodeError, ValueError):
        return delivery.Later("the request could not be sent as it is")


@functools.cache
def _trust() -> ssl.SSLContext:
    """The certificates that are believed; to read them takes longer than a request."""
    return httpx.create_ssl_context()


def _some(answer: httpx.Response) -> bytes:
    """The beginning of the body: a server that never stops talking is not listened to."""
    body = b""
    for chunk in answer.iter_raw():
        body += chunk
        if len(body) >= MOST_BYTES:
            break
    return body[:MOST_BYTES]


def _reason(error: httpx.TransportError) -> str:
    """What went wrong, by its kind: the text of an error may hold an address with a secret."""
    cause = next(
        (each for each in _causes(error) if isinstance(each, OSError) and each.strerror), None
    )
    if cause is not None:
        return f"cannot be reached: {str(cause.strerror).lower()}"
    if isinstance(error, httpx.RemoteProtocolError):
        return "what answered is not an HTTP server, or it hung up"
    return "cannot be reached"


def _causes(error: BaseException | None) -> Sequence[BaseException]:
    found: list[BaseException] = []
    while error is not None and len(found) < 10:  # noqa: PLR2004  (never a circle)
        found.append(error)
        error = error.__cause__ or error.__context__
    return found


def judged(answer: Answer, told: str, now: datetime.datetime) -> delivery.Attempt | None:
    """What a status means for every HTTP channel; None where it was accepted."""
    said = f"answered {answer.status}" + (f": {told}" if told else "")
    if answer.status in LATER or answer.status >= SERVER_ERRORS:
        return delivery.Later(said, retry_after(answer.headers, now))
    if answer.status in REDIRECTS:
        return delivery.Never(f"{said}: it sends on to elsewhere, which is not followed")
    if not 200 <= answer.status < 300:  # noqa: PLR2004  (what success is in HTTP)
        return delivery.Never(said)
    return None


def retry_after(headers: Mapping[str, str], now: datetime.datetime) -> float | None:
    """The seconds to wait that the server asks for, as a number or as a date."""
    text = headers.get("retry-after", "").strip()
    if not text:
        return None
    try:
        wait = float(text) if text[0].isdigit() else _until(text, now)
    except (ValueError, TypeError, OverflowError):
        return None
    return min(max(wait, 0.0), LONGEST_WAIT) if wait == wait else None  # noqa: PLR0124  (not nan)


def _until(text: str, now: datetime.datetime) -> float:
    return (email.utils.parsedate_to_datetime(text) - now).total_seconds()


def clean(text: object, *secrets: str) -> str:
    """What a server said, fit to be shown: one line, short, and without what must stay secret."""
    told = CONTROLS.sub(" ", str(text)).strip()
    for secret in secrets:
        if secret:
            told = told.replace(secret, "***")
    return told if len(told) <= LONGEST_TOLD else told[: LONGEST_TOLD - 1] + "…"
