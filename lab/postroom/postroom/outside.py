"""Postroom as somebody outside sees it: its command line, its HTTP answers, the relay's own book.

The demo and the tests look through this; nothing in the service does.
"""

from __future__ import annotations

import contextlib
import dataclasses
import http.client
import json
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from postroom.home import TroubleError

LAB = Path(__file__).resolve().parent.parent


@dataclasses.dataclass(frozen=True, slots=True)
class Outside:
    """One Postroom, known only by its state folder."""

    folder: Path
    variables: Mapping[str, str] = dataclasses.field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        """What a program needs that is to find this Postroom and its `postroomctl`."""
        path = f"{LAB / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
        named = {"POSTROOM_HOME": str(self.folder), "PATH": path}
        return {**os.environ, **named, **self.variables}

    def start(self) -> subprocess.Popen[bytes]:
        """Start it as a lab, tied to this process."""
        with (self.folder / "start.log").open("wb") as log:
            return subprocess.Popen(
                [sys.executable, str(LAB / "postroomctl.py"), "up", "--lab", "--attached"],
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def wait_until_ready(self) -> None:
        """Wait for the API to say that it is ready."""
        self.until(lambda: self.http("GET", "/health/ready")[0] == http.HTTPStatus.OK)

    def ask(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run `postroomctl`."""
        command = [sys.executable, str(LAB / "postroomctl.py"), *words]
        return subprocess.run(
            command, env=self.environment, capture_output=True, text=True, check=False
        )

    def ctl(self, *words: str) -> str:
        """What `postroomctl` prints; `TroubleError` when it fails."""
        done = self.ask(*words)
        if done.returncode != 0:
            raise TroubleError(f"postroomctl {' '.join(words)}: {done.stdout}{done.stderr}")
        return done.stdout

    def status(self) -> dict[str, Any]:
        """What `postroomctl status` says."""
        found: dict[str, Any] = json.loads(self.ctl("status", "--json"))
        return found

    def http(self, method: str, path: str, value: object = None) -> tuple[int, str]:
        """What the API answers; 0 when it does not."""
        body = None if value is None else json.dumps(value)
        try:
            port = int((self.folder / "ports").read_text().split()[0])
            with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, 20)) as api:
                api.request(method, path, body)
                response = api.getresponse()
                return response.status, response.read().decode()
        except OSError:
            return 0, ""

    def failing(self) -> set[str]:
        """The checks of `/health/ready` that fail."""
        checks = json.loads(self.http("GET", "/health/ready")[1])["checks"]
        return {check["name"] for check in checks if not check["ok"]}

    def pids(self) -> dict[str, int]:
        """The processes the supervisor started."""
        with contextlib.closing(sqlite3.connect(self.folder / "roster.db", timeout=5)) as roster:
            rows = roster.execute("SELECT name, pid FROM processes WHERE pid IS NOT NULL")
            return {str(name): int(pid) for name, pid in rows}

    def deliveries(self) -> list[str]:
        """The Message-IDs in the relay's own book."""
        with contextlib.closing(sqlite3.connect(self.folder / "relay.db", timeout=5)) as relay:
            return [str(row[0]) for row in relay.execute("SELECT message_id FROM deliveries")]

    def until(self, condition: Callable[[], bool], patience: float = 20.0) -> None:
        """Wait for something to become true; `TroubleError` when it does not."""
        end = time.monotonic() + patience
        while not condition():
            if time.monotonic() > end:
                raise TroubleError(f"It did not come true within {patience:g} seconds.")
            time.sleep(0.05)
