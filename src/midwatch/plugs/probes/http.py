"""A look at a web address, as a browser would: does it answer in time, with what it should?"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from midwatch.alerts import probes
from midwatch.base import lazy

if TYPE_CHECKING:
    import httpx
else:
    httpx = lazy.module("httpx")

ERROR_NUMBER = lazy.pattern(r"^\[Errno -?\d+\] ")
SECONDS = 5.0
LONGEST = 1_000_000
"""Bytes of an answer that are looked at."""


@dataclasses.dataclass(frozen=True, slots=True)
class Address:
    """What is asked, and what a healthy answer is."""

    url: str
    status: int = 200
    contains: str = ""
    seconds: float = SECONDS


def look(address: Address) -> probes.Look:
    """Ask once. No answer is bad, not unknown: that is what users would see."""
    try:
        with httpx.stream("GET", address.url, timeout=address.seconds) as answer:
            if answer.status_code != address.status:
                return _bad(f"{address.url} answers {answer.status_code}, not {address.status}")
            if address.contains and address.contains.encode() not in _start(answer):
                return _bad(f"{address.url} does not contain “{address.contains}”")
    except httpx.TimeoutException:
        return _bad(f"{address.url} does not answer within {address.seconds:g} s")
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return _bad(f"{address.url} does not answer: {reason(error)}")
    return probes.Good()


def reason(error: Exception) -> str:
    """What kept it from answering, without the number that only a programmer knows."""
    told = ERROR_NUMBER.sub("", str(error)) or type(error).__name__
    return told[:1].lower() + told[1:]


def _start(answer: httpx.Response) -> bytes:
    found = b""
    for part in answer.iter_bytes():
        found += part
        if len(found) > LONGEST:
            break
    return found


def _bad(said: str) -> probes.Bad:
    return probes.Bad(said=said)
