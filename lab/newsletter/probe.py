"""Looks at Newsletter as its users do, and at nothing else.

`./probe KIND` prints one JSON object a line, every 250 ms, until it is ended:
`{"at", "kind", "ok", "took", "why"}`. `--once` looks once; its exit code is 0 when all is well.
"""

from __future__ import annotations

import argparse
import dataclasses
import datetime
import http.client
import json
import ssl
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable
from pathlib import Path

HERE = Path(__file__).resolve().parent
APP, SECURE, MAIL = "http://localhost:3000", "https://localhost:3443", "http://localhost:8025"
EVERY = 0.25
QUICK = 1.0
MAIL_WITHIN = 5.0
TROUBLES = (OSError, http.client.HTTPException, ValueError)


class BadError(Exception):
    """What a user would complain about."""


@dataclasses.dataclass(frozen=True, slots=True)
class Sample:
    """One look."""

    at: str
    kind: str
    ok: bool
    took: float
    why: str


def ask(
    url: str, *, method: str = "GET", body: bytes | None = None, within: float = QUICK
) -> bytes:
    """One request; anything but a good answer in time is bad."""
    request = urllib.request.Request(url, method=method, data=body)  # noqa: S310 - our own
    began = time.monotonic()
    try:
        with urllib.request.urlopen(request, timeout=within) as answer:  # noqa: S310 - the same
            content: bytes = answer.read()
    except urllib.error.HTTPError as error:
        raise BadError(f"HTTP {error.code}") from error
    except TROUBLES as error:
        raise BadError(str(error)) from error
    if time.monotonic() - began > within:
        raise BadError(f"took longer than {within:g} s")
    return content


def pages() -> None:
    """The dashboard opens within a second."""
    ask(f"{APP}/api/tenants/1/campaigns")


def uploads() -> None:
    """A small file can be uploaded and read again."""
    url = f"{APP}/api/tenants/1/files/probe-{uuid.uuid4().hex[:2]}.bin"
    content = uuid.uuid4().bytes * 64
    ask(url, method="PUT", body=content, within=2 * QUICK)
    if ask(url) != content:
        raise BadError("another file came back")


class Secure:
    """The TLS address answers, with a certificate that is valid today."""

    def __init__(self) -> None:
        command = ["docker-compose", "exec", "-T", "gateway", "cat", "/etc/gateway/authority.pem"]
        shown = subprocess.run(command, cwd=HERE, check=True, capture_output=True, text=True)
        self._context = ssl.create_default_context(cadata=shown.stdout)

    def __call__(self) -> None:
        """Open it, as a browser would."""
        try:
            with urllib.request.urlopen(  # noqa: S310 - our own address
                f"{SECURE}/gateway", timeout=QUICK, context=self._context
            ):
                return
        except TROUBLES as error:
            raise BadError(str(error)) from error


class Mail:
    """A test mail that is asked for now arrives within five seconds.

    One is asked for every second. All is well when one of the last five seconds has arrived.
    """

    def __init__(self) -> None:
        self._newest_arrived = time.monotonic()
        self._reason = ""
        threading.Thread(target=self._keep_asking, daemon=True).start()

    def _keep_asking(self) -> None:
        while True:
            threading.Thread(target=self._ask_one, daemon=True).start()
            time.sleep(1)

    def _ask_one(self) -> None:
        began, to = time.monotonic(), f"{uuid.uuid4().hex}@probe.example"
        try:
            body = json.dumps({"to": to}).encode()
            ask(f"{APP}/api/campaigns/1/test", method="POST", body=body, within=MAIL_WITHIN)
            while time.monotonic() < began + MAIL_WITHIN:
                if json.loads(ask(f"{MAIL}/_lab/mails?to={to}"))["mails"]:
                    self._newest_arrived = max(self._newest_arrived, began)
                    return
                time.sleep(EVERY)
        except BadError as error:
            self._reason = str(error)
        else:
            self._reason = f"a test mail did not arrive within {MAIL_WITHIN:g} s"

    def __call__(self) -> None:
        """Say how it stands."""
        if time.monotonic() - self._newest_arrived > MAIL_WITHIN + 1:
            raise BadError(self._reason or f"no test mail for {MAIL_WITHIN:g} s")


KINDS: dict[str, Callable[[], Callable[[], None]]] = {
    "pages": lambda: pages,
    "uploads": lambda: uploads,
    "secure": Secure,
    "mail": Mail,
}


def look(kind: str, look_once: Callable[[], None]) -> Sample:
    """One look, timed."""
    at, began = datetime.datetime.now(datetime.UTC), time.monotonic()
    why = ""
    try:
        look_once()
    except BadError as error:
        why = str(error)
    return Sample(
        at.isoformat(timespec="milliseconds"), kind, not why, time.monotonic() - began, why
    )


def main() -> int:
    """Look once, or for ever."""
    parser = argparse.ArgumentParser(prog="probe", description=__doc__)
    parser.add_argument("kind", choices=sorted(KINDS))
    parser.add_argument("--once", action="store_true")
    given = parser.parse_args()
    look_once = KINDS[given.kind]()
    if given.once and given.kind == "mail":
        time.sleep(MAIL_WITHIN + 1.5)
    while True:
        began = time.monotonic()
        sample = look(given.kind, look_once)
        print(json.dumps(dataclasses.asdict(sample)), flush=True)
        if given.once:
            return 0 if sample.ok else 1
        time.sleep(max(0.0, EVERY - (time.monotonic() - began)))


if __name__ == "__main__":
    sys.exit(main())
