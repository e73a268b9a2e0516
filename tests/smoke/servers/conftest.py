"""Real servers, started for the tests that need them; where one is not installed, they are skipped.

A database server will not run as root, so as root it runs as nobody.
"""

from __future__ import annotations

import http.server
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

NOBODY = 65534
USER = NOBODY if os.geteuid() == 0 else None
SECONDS = 30.0


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def found(*names: str) -> str:
    for name in names:
        for folder in (None, "/usr/local/bin", "/usr/sbin", "/usr/lib/postgresql/15/bin"):
            path = shutil.which(name, path=folder)
            if path:
                return path
    pytest.skip(f"{names[0]} is not installed on this machine")


def until(ready: Callable[[], bool], process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + SECONDS
    while not ready():
        assert process.poll() is None, log.read_text(errors="replace")
        assert time.monotonic() < end, log.read_text(errors="replace")
        time.sleep(0.05)


def answers(port: int) -> bool:
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", port)) == 0


def takes_clients(url: str) -> bool:
    """Its port answers before it does: a database says for a while that it is starting up."""
    psycopg = pytest.importorskip("psycopg")
    try:
        psycopg.connect(url, connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


@pytest.fixture(scope="session")
def place() -> Iterator[Path]:
    """A short folder that a server may write in."""
    folder = Path(tempfile.mkdtemp(prefix="mw"))
    folder.chmod(0o777)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres(place: Path) -> Iterator[str]:
    """The URL of a fresh PostgreSQL with a role that has a password."""
    pytest.importorskip("psycopg")
    initdb, server = found("initdb"), found("postgres")
    data, port, log = place / "pg", free_port(), place / "pg.log"
    secret = place / "pw"
    secret.write_text("night-watch-7Q\n")
    secret.chmod(0o644)
    subprocess.run(
        [initdb, "-D", data, "-U", "shop", "-A", "scram-sha-256", "--pwfile", secret, "-N"],
        check=True, capture_output=True, user=USER, group=USER,
    )  # fmt: skip
    with log.open("wb") as out:
        process = subprocess.Popen(
            [server, "-D", data, "-k", place, "-p", str(port), "-c", "fsync=off"],
            stdout=out, stderr=out, user=USER, group=USER,
        )  # fmt: skip
    url = f"postgresql://shop:night-watch-7Q@127.0.0.1:{port}/postgres"
    until(lambda: takes_clients(url), process, log)
    yield url
    process.send_signal(signal.SIGINT)  # the fast way; SIGTERM waits for clients
    process.wait()


@pytest.fixture(scope="session")
def mariadb(place: Path) -> Iterator[str]:
    """The URL of a fresh MariaDB."""
    pytest.importorskip("pymysql")
    server = found("mariadbd", "mysqld")
    install = found("mariadb-install-db", "mysql_install_db")
    data, port, log = place / "my", free_port(), place / "my.log"
    data.mkdir()
    if os.geteuid() == 0:
        os.chown(data, NOBODY, NOBODY)
    subprocess.run(
        [install, "--no-defaults", f"--datadir={data}", "--auth-root-authentication-method=normal",
         "--skip-test-db"],
        check=True, capture_output=True, user=USER, group=USER,
    )  # fmt: skip
    with log.open("wb") as out:
        process = subprocess.Popen(
            [server, "--no-defaults", f"--datadir={data}", f"--port={port}",
             f"--socket={place / 'my.sock'}", "--bind-address=127.0.0.1",
             f"--pid-file={place / 'my.pid'}"],
            stdout=out, stderr=out, user=USER, group=USER,
        )  # fmt: skip
    until(lambda: answers(port), process, log)
    yield f"mysql://root@127.0.0.1:{port}/mysql"
    process.terminate()
    process.wait()


@pytest.fixture(scope="session")
def prometheus(place: Path) -> Iterator[str]:
    """The URL of a Prometheus that watches itself."""
    server = found("prometheus")
    port, log, settings = free_port(), place / "prom.log", place / "prom.yml"
    settings.write_text(
        "global: {scrape_interval: 1s}\n"
        "scrape_configs:\n- job_name: self\n"
        f"  static_configs: [{{targets: ['127.0.0.1:{port}']}}]\n"
    )
    with log.open("wb") as out:
        process = subprocess.Popen(
            [server, f"--config.file={settings}", f"--storage.tsdb.path={place / 'prom'}",
             f"--web.listen-address=127.0.0.1:{port}"],
            stdout=out, stderr=out, cwd=place,
        )  # fmt: skip
    until(lambda: b"is ready" in log.read_bytes(), process, log)
    yield f"http://127.0.0.1:{port}"
    process.terminate()
    process.wait()


class Pages(http.server.BaseHTTPRequestHandler):
    """A small web service that remembers what it was sent."""

    received: list[tuple[str, str, dict[str, str], bytes]]

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        self.received.append((self.command, self.path, dict(self.headers), body))
        if self.path.startswith("/silent"):
            self.connection.close()
            return
        status = 503 if self.path.startswith("/broken") else 200
        answer = b"x" * 2_000_000 if self.path == "/long" else b'{"status":"ok","jobs":[1,2]}'
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def web() -> Iterator[tuple[str, list[tuple[str, str, dict[str, str], bytes]]]]:
    """The URL of a web service, and what it was sent."""
    received: list[tuple[str, str, dict[str, str], bytes]] = []
    handler = type("Handler", (Pages,), {"received": received})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", received
    server.shutdown()
    thread.join()
    server.server_close()
