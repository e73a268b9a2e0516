"""What Midwatch calls `read` is held against what the real programs do.

curl is pointed at a loopback server that records methods; core tools run in a throw-away folder
whose every file is compared before and after.
"""

from __future__ import annotations

import hashlib
import http.server
import itertools
import os
import shutil
import subprocess
import threading
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from midwatch.commands import model, reading

CASES = tomllib.loads(
    (Path(__file__).parents[2] / "cases" / "commands" / "oracles.toml").read_text(encoding="utf-8")
)
LOOKING = {"GET", "HEAD", "OPTIONS"}


class Recorder(http.server.BaseHTTPRequestHandler):
    """Answers everything and remembers the methods."""

    methods: list[str]

    def handle_any(self) -> None:
        self.methods.append(self.command)
        length = int(self.headers.get("Content-Length") or 0)
        self.rfile.read(length)
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = handle_any  # noqa: N815

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  (its name there)
        """Say nothing."""


@pytest.fixture
def recorded() -> Iterator[tuple[str, list[str]]]:
    methods: list[str] = []
    handler = type("Handler", (Recorder,), {"methods": methods})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", methods
    server.shutdown()
    thread.join()
    server.server_close()


def effect(text: str) -> model.Effect:
    return model.worst(statement.effect for statement in reading.read(text).statements)


@pytest.mark.skipif(not shutil.which("curl"), reason="curl is not on this machine")
def test_a_curl_called_read_only_ever_sends_reading_methods(
    recorded: tuple[str, list[str]], tmp_path: Path
) -> None:
    address, methods = recorded
    flags = CASES["curl"]["flags"]
    lines = [f"curl -s -m 5 {' '.join(pair)} {address}/x" for pair in itertools.pairwise(flags)]
    lines += [f"curl -s -m 5 {flag} {address}/x" for flag in flags]
    lines += [f"curl -s -m 5 {address}/x {flag}" for flag in flags]
    (tmp_path / "body.txt").write_text("a=b", encoding="utf-8")
    wrong = []
    judged = reading.read_many(lines)
    for line, read in zip(lines, judged, strict=True):
        if read.statements[0].effect is model.Effect.READ:
            methods.clear()
            files = contents(tmp_path)
            run(line, tmp_path)
            if not set(methods) <= LOOKING or contents(tmp_path) != files:
                wrong.append((line, list(methods)))

    assert wrong == []
    assert sum(read.statements[0].effect is model.Effect.READ for read in judged) > len(flags)


def test_core_tools_called_read_leave_every_file_as_it_was(tmp_path: Path) -> None:
    wrong, reads = [], 0
    lines = CASES["files"]["lines"].splitlines()
    for line, read in zip(lines, reading.read_many(lines), strict=True):
        if model.worst(each.effect for each in read.statements) is not model.Effect.READ:
            continue
        reads += 1
        prepare(tmp_path)
        before = contents(tmp_path)
        run(line, tmp_path)
        if contents(tmp_path) != before:
            wrong.append(line)

    assert wrong == []
    assert reads >= CASES["files"]["least_reads"]


def prepare(folder: Path) -> None:
    (folder / "a.txt").write_text("b\na\nc\n", encoding="utf-8")
    (folder / "b.txt").write_text("1 2 3\n", encoding="utf-8")
    (folder / "sub").mkdir(exist_ok=True)
    (folder / "sub" / "c.txt").write_text("x\n", encoding="utf-8")


def run(line: str, folder: Path) -> None:
    subprocess.run(
        ["bash", "-c", line],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "HOME": str(folder)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=20,
        check=False,
    )


def contents(folder: Path) -> dict[str, str]:
    """Every file below the folder, with a hash of what is in it."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
