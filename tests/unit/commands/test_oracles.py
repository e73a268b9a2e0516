"""What Midwatch calls `read` is held against what the real programs do.

curl is pointed at a loopback server that records methods; core tools run in a throw-away folder
whose every file is compared before and after.
"""

from __future__ import annotations

import contextlib
import hashlib
import http.server
import itertools
import json
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
    with serving(Recorder) as found:
        yield found


@contextlib.contextmanager
def serving(recorder: type[Recorder]) -> Iterator[tuple[str, list[str]]]:
    """A loopback server, with the methods it was sent."""
    methods: list[str] = []
    handler = type("Handler", (recorder,), {"methods": methods})
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


KUBECTL_TYPES = {"pods": "Pod", "services": "Service", "secrets": "Secret", "nodes": "Node"}


class Cluster(Recorder):
    """As much of an API server as kubectl needs to find its resources."""

    def handle_any(self) -> None:
        path = self.path.partition("?")[0]
        if self.command not in LOOKING and "selfsubject" not in path:
            self.methods.append(self.command)
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        body = json.dumps(self.answer(path)).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def answer(self, path: str) -> dict[str, object]:
        parts = path.strip("/").split("/")
        if path == "/api":
            return {"kind": "APIVersions", "versions": ["v1"]}
        if path == "/apis":
            groups: list[object] = []
            return {"kind": "APIGroupList", "apiVersion": "v1", "groups": groups}
        if path == "/api/v1":
            return {"kind": "APIResourceList", "groupVersion": "v1", "resources": self.resources()}
        kind = next((KUBECTL_TYPES[part] for part in parts if part in KUBECTL_TYPES), "Status")
        named = parts[-1] not in KUBECTL_TYPES
        meta = {"name": parts[-1], "namespace": "prod", "resourceVersion": "1"}
        if kind == "Status":
            return {"kind": "Status", "apiVersion": "v1", "status": "Success"}
        if named:
            return {"kind": kind, "apiVersion": "v1", "metadata": meta}
        return {"kind": f"{kind}List", "apiVersion": "v1", "metadata": {}, "items": []}

    def resources(self) -> list[dict[str, object]]:
        verbs = ["get", "list", "watch", "create", "update", "patch", "delete", "deletecollection"]
        return [
            {"name": name, "kind": kind, "namespaced": kind != "Node", "verbs": verbs}
            for name, kind in KUBECTL_TYPES.items()
        ]

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = handle_any  # noqa: N815


@pytest.mark.skipif(not shutil.which("kubectl"), reason="kubectl is not on this machine")
def test_a_kubectl_called_read_only_ever_asks_the_cluster(tmp_path: Path) -> None:
    lines = CASES["kubectl"]["lines"].splitlines()
    judged = reading.read_many(lines)
    wrong, seen = [], 0
    with serving(Cluster) as (address, methods):
        for line, read in zip(lines, judged, strict=True):
            methods.clear()
            run(line.replace("kubectl", f"kubectl --server={address} -n prod", 1), tmp_path)
            seen += bool(methods)
            if methods and read.statements[0].effect is model.Effect.READ:
                wrong.append((line, list(methods)))

    assert wrong == []
    assert seen >= CASES["kubectl"]["least_changes"]


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
