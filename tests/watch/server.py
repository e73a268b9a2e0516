"""`midwatch serve` as people start it: a process, a state folder of its own, a free port."""

from __future__ import annotations

import dataclasses
import json
import os
import queue
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

import httpx
import pytest
from tests.smoke import zygote

PROGRAM = [sys.executable, "-c", "from midwatch.faces.cli.main import main; main()", "serve"]
BEGUN = re.compile(r"(?:keeps watch|stands by) at (http://[^\s\"]+)")
SECONDS = 30.0
Found = TypeVar("Found")
Process: TypeAlias = "subprocess.Popen[str] | zygote.Process"
MINIMAL = '[serve]\nlisten = "127.0.0.1:0"\n'


def until(find: Callable[[], Found | None], what: str, seconds: float = SECONDS) -> Found:
    """What is found in the end."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = find()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError(f"{what}: not within {seconds:g} s")


@dataclasses.dataclass(slots=True)
class Server:
    """A watch that runs, cold or forked; it may be killed and started again."""

    folder: Path
    environment: dict[str, str]
    process: Process | None = None
    cold: bool = False
    url: str = ""
    said: list[str] = dataclasses.field(default_factory=list)
    listener: threading.Thread = dataclasses.field(default_factory=threading.Thread)

    def configure(self, text: str) -> None:
        """The midwatch.toml that it finds."""
        (self.folder / "midwatch.toml").write_text(text, encoding="utf-8")

    def start(self, *arguments: str) -> None:
        """Start it, and wait until it listens."""
        self.process = self._cold(*arguments) if self.cold else self._forked(*arguments)
        lines: queue.Queue[str] = queue.Queue()
        self.listener = threading.Thread(target=self._listen, args=(self.process, lines))
        self.listener.start()
        while True:
            line = lines.get(timeout=SECONDS)
            assert line, "\n".join(self.said)
            begun = BEGUN.search(line)
            if begun:
                self.url = begun[1]
                return

    def _cold(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [*PROGRAM, *arguments],
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )

    def _forked(self, *arguments: str) -> zygote.Process:
        with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
            return zygote.shared().start(
                ("serve", *arguments),
                folder=self.folder,
                environment=self.environment,
                output=nowhere,
            )

    def _listen(self, process: Process, lines: queue.Queue[str]) -> None:
        assert process.stderr is not None
        with process.stderr as said:
            for line in said:
                self.said.append(line.rstrip())
                lines.put(line)
        lines.put("")

    def kill(self) -> None:
        """As `kill -9` does."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()
        self.listener.join()

    def stop(self) -> int:
        """As a service manager does; its exit code."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(timeout=SECONDS)
        self.listener.join()
        return code

    def get(self, path: str, token: str = "") -> Any:  # noqa: ANN401  (JSON)
        """What a path answers."""
        answer = httpx.get(self.url + path, headers=bearer(token))
        assert answer.status_code == 200, answer.text
        return answer.json()

    def post(self, path: str, body: object, token: str = "") -> httpx.Response:
        """Post JSON, or bytes as they are."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        return httpx.post(self.url + path, content=data, headers=bearer(token))

    def incidents(self, status: str = "all") -> list[Mapping[str, Any]]:
        """The list."""
        found: list[Mapping[str, Any]] = self.get(f"/api/v1/incidents?status={status}")["incidents"]
        return found


def bearer(token: str) -> dict[str, str]:
    """The header that carries a token."""
    return {"Authorization": f"Bearer {token}"} if token else {}


def serving(folder: Path, toml: str = MINIMAL, **environment: str) -> Iterator[Server]:
    """A server that has begun, and is ended when the test is."""
    yield from _begun(Server(folder, _around(folder, environment)), toml)


def serving_cold(folder: Path, toml: str = MINIMAL, **environment: str) -> Iterator[Server]:
    """The same, started as a program that has loaded nothing yet."""
    yield from _begun(Server(folder, _around(folder, environment), cold=True), toml)


def _around(folder: Path, environment: Mapping[str, str]) -> dict[str, str]:
    known = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return {**known, "MIDWATCH_STATE": str(folder / "state"), **environment}


def _begun(made: Server, toml: str) -> Iterator[Server]:
    made.configure(toml)
    made.start()
    yield made
    if made.process is not None and made.process.poll() is None:
        assert made.stop() == 0, "\n".join(made.said)


def program(*names: str) -> str:
    """The program of one of these names; the test is skipped where there is none."""
    for name in names:
        found = shutil.which(name)
        if found:
            return found
    pytest.skip(f"{names[0]} is not installed: apt-get install {names[0]}")
