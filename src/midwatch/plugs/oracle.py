"""Programs of this machine, asked for their help: nothing of a document but plain words goes in."""

from __future__ import annotations

import contextlib
import functools
import os
import selectors
import signal
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from midwatch.base import clock
from midwatch.checks import hearing

FOLDERS = (
    "/usr/local/sbin",
    "/usr/local/bin",
    "/usr/sbin",
    "/usr/bin",
    "/sbin",
    "/bin",
    "/snap/bin",
    "/opt/homebrew/bin",
)
"""Where programs are looked for, whatever PATH says."""
SECONDS = 5.0
LARGEST = 1_000_000
CLOSED = "http://127.0.0.1:9"
OTHERS_WRITE = 0o022


class Oracle:
    """Asks programs for their help: each question once, without a network, for a few seconds."""

    def __init__(
        self,
        time: clock.Clock,
        folders: tuple[str, ...] = FOLDERS,
        *,
        seconds: float = SECONDS,
    ) -> None:
        self._time = time
        self._folders = folders
        self._seconds = seconds
        self._heard: dict[hearing.Question, hearing.Answer | None] = {}

    def ask(self, question: hearing.Question) -> hearing.Answer | None:
        """What a program answers; nothing where it is not here, or did not end in time."""
        if question not in self._heard:
            program = self.find(question.tool)
            words = (*self._alone, str(program), *question.words)
            self._heard[question] = self._run(words) if program is not None else None
        return self._heard[question]

    def find(self, tool: str) -> Path | None:
        """The program of that name that only root, or you, could have put there."""
        for folder in map(Path, self._folders):
            path = folder / tool
            if path.is_file() and os.access(path, os.X_OK) and trusted(path):
                return path
        return None

    @functools.cached_property
    def _alone(self) -> tuple[str, ...]:
        """What takes the network away from a program, where this machine can do that."""
        program = self.find("unshare")
        if program is None:
            return ()
        words = (str(program), "--net", *(() if os.geteuid() == 0 else ("--map-root-user",)), "--")
        tried = self._run((*words, "/bin/sh", "-c", "exit 0"))
        return words if tried is not None and tried.code == 0 else ()

    def _run(self, words: tuple[str, ...]) -> hearing.Answer | None:
        with tempfile.TemporaryDirectory(prefix="midwatch-") as home:
            process = subprocess.Popen(
                words,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                cwd=home,
                env=surroundings(home, self._folders),
                start_new_session=True,
            )
            try:
                text = self._printed(process)
            finally:
                end(process)
            code = process.returncode
        return None if text is None else hearing.Answer(code, text.decode("utf-8", "replace"))

    def _printed(self, process: subprocess.Popen[bytes]) -> bytes | None:
        """All that a program prints; nothing where it prints on and on, or takes too long."""
        until = self._time.monotonic() + self._seconds
        data = b""
        if process.stdout is None:
            return None
        with selectors.DefaultSelector() as ready:
            ready.register(process.stdout, selectors.EVENT_READ)
            while len(data) < LARGEST and (left := until - self._time.monotonic()) > 0:
                if not ready.select(left):
                    return None
                piece = os.read(process.stdout.fileno(), 65536)
                if not piece:
                    process.wait(max(0.1, until - self._time.monotonic()))
                    return data
                data += piece
        return None


def surroundings(home: str, folders: tuple[str, ...]) -> Mapping[str, str]:
    """An environment with nothing of yours in it, and every way out closed."""
    proxies = ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")
    return {
        "PATH": os.pathsep.join(folders),
        "HOME": home,
        "LANG": "C.UTF-8",
        "TERM": "dumb",
        "NO_COLOR": "1",
        "COLUMNS": "200",
        "PAGER": "cat",
        "MANPAGER": "cat",
        "GIT_PAGER": "cat",
        "SYSTEMD_PAGER": "cat",
        "AWS_PAGER": "",
        "KUBECONFIG": os.devnull,
        "DOCKER_HOST": "tcp://127.0.0.1:9",
        **dict.fromkeys(proxies, CLOSED),
    }


def trusted(path: Path) -> bool:
    """Whether nobody but root and you can change a program or swap it for another."""
    real = path.resolve()
    for each in (real, real.parent, path.parent):
        state = each.stat()
        if state.st_uid not in {0, os.geteuid()} or state.st_mode & OTHERS_WRITE:
            return False
    return True


def end(process: subprocess.Popen[bytes]) -> None:
    """End a program and all that it started."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    if process.stdout is not None:
        process.stdout.close()
