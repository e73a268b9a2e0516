"""Real servers on this machine that answer as somebody's do, and remember what they were asked."""

from __future__ import annotations

import contextlib
import dataclasses
import http.server
import json
import socket
import socketserver
import threading
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Said = tuple[int, Mapping[str, str], bytes]
"""Status, headers, body."""


def answer(status: int, body: object = None, **headers: str) -> Said:
    """An answer as JSON; `retry_after` becomes the header `retry-after`."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode() if body else b""
    return status, {name.replace("_", "-"): value for name, value in headers.items()}, content


@dataclasses.dataclass(frozen=True, slots=True)
class Asked:
    """One request that arrived."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:  # noqa: ANN401  (whatever JSON holds)
        """The body as JSON."""
        return json.loads(self.body)


@dataclasses.dataclass
class End:
    """An HTTP server: it gives its answers one after the other, and the last one for ever."""

    answers: Sequence[Said]
    asked: list[Asked] = dataclasses.field(default_factory=list)
    url: str = ""

    def said(self) -> Said:
        """What it answers now."""
        return self.answers[min(len(self.asked), len(self.answers)) - 1]


@contextlib.contextmanager
def http_end(*answers: Said) -> Iterator[End]:
    """A server that gives these answers."""
    end = End(answers)

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers.get("content-length") or 0)
            headers = {name.lower(): value for name, value in self.headers.items()}
            end.asked.append(Asked(self.command, self.path, headers, self.rfile.read(length)))
            status, given, body = end.said()
            self.send_response(status)
            for name, value in given.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST  # noqa: N815  (the name that http.server looks for)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    end.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield end
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextlib.contextmanager
def raw_end(said: bytes, *, hang: bool = False) -> Iterator[int]:
    """A server that says these bytes to whoever connects, and hangs up or hangs."""
    over = threading.Event()

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            connection: socket.socket = self.request
            with contextlib.suppress(OSError):
                connection.sendall(said)
                if hang:
                    over.wait(30)
                connection.shutdown(socket.SHUT_WR)
                while connection.recv(65536):
                    pass

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        allow_reuse_address = True

    with Server(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield int(server.server_address[1])
        finally:
            over.set()
            server.shutdown()
            thread.join()


def closed_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
