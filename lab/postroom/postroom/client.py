"""Speaking HTTP to the API, and noticing when there is nobody to speak to."""

from __future__ import annotations

import dataclasses
import fcntl
import http.client
import json
import os

from postroom.home import Home, TroubleError


@dataclasses.dataclass(frozen=True, slots=True)
class Reply:
    """What the API said."""

    status: int
    body: str

    @property
    def is_good(self) -> bool:
        """Whether it did what was asked."""
        return 200 <= self.status < 300  # noqa: PLR2004 - RFC 9110, 15.3: successful


def get(home: Home, path: str, patience: float = 5.0) -> Reply:
    """Read something."""
    return _ask(home, "GET", path, None, patience)


def post(home: Home, path: str, value: object) -> Reply:
    """Post something."""
    return _ask(home, "POST", path, json.dumps(value).encode(), 30.0)


def _ask(home: Home, method: str, path: str, body: bytes | None, patience: float) -> Reply:
    connection = http.client.HTTPConnection("127.0.0.1", home.ports.api, timeout=patience)
    try:
        connection.request(method, path, body)
        response = connection.getresponse()
        return Reply(response.status, response.read().decode())
    except OSError as error:
        message = f"The API does not answer on port {home.ports.api}: {error}."
        raise TroubleError(f"{message} Look at it with `postroomctl logs api`.") from None
    finally:
        connection.close()


def supervisor(home: Home) -> int | None:
    """The supervisor's process id while it runs: it holds its lock for exactly that long."""
    try:
        lock = os.open(home.lock, os.O_RDWR)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return int(os.pread(lock, 20, 0) or 0)
    finally:
        os.close(lock)
    return None


def demand(home: Home) -> int:
    """The supervisor's process id, or a sentence about its absence."""
    found = supervisor(home)
    if found is None:
        raise TroubleError(
            f"Postroom does not run in {home.folder}: start it with `postroomctl up`."
        )
    return found
