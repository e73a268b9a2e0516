"""The Newsletter lab as tests need it: a server in a thread, or all of it in containers."""

from __future__ import annotations

import contextlib
import json
import shutil
import socket
import subprocess
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from starlette.applications import Starlette

ROOT = Path(__file__).parents[2]
LAB = ROOT / "lab" / "newsletter"

Serve = Callable[[Starlette], str]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Serve an application on a free port of loopback; its address comes back."""
    with contextlib.ExitStack() as running:

        def begin(application: Starlette) -> str:
            listener = socket.socket()
            listener.bind(("127.0.0.1", 0))
            listener.listen()
            running.callback(listener.close)
            server = uvicorn.Server(uvicorn.Config(application, log_level="error"))
            thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
            thread.start()

            def end() -> None:
                server.should_exit = True
                thread.join()

            running.callback(end)
            while not server.started:
                time.sleep(0.01)
            return f"127.0.0.1:{listener.getsockname()[1]}"

        yield begin


@pytest.fixture(scope="session")
def newsletter() -> Path:
    """The folder of the running lab, or a skip that says what to do."""
    if shutil.which("docker") is None:
        pytest.skip("No container engine can run here, so the Newsletter lab cannot be tested.")
    if not (LAB / ".env").exists():
        pytest.skip("The Newsletter lab was not started here: `make lab-newsletter` starts it.")
    try:
        with urllib.request.urlopen("http://localhost:3000/api/health", timeout=5) as answer:
            assert json.load(answer)["status"] == "ok"
    except OSError:
        pytest.skip("The Newsletter lab does not run here: `make lab-newsletter` starts it.")
    return LAB


def compose(*words: str) -> str:
    """Docker Compose in the lab's folder."""
    done = subprocess.run(
        ["docker-compose", *words], cwd=LAB, check=True, capture_output=True, text=True
    )
    return done.stdout


def ask(method: str, url: str, given: object = None) -> Any:  # noqa: ANN401 - it is JSON
    """A request to the lab's API."""
    body = json.dumps(given).encode() if given is not None else None
    request = urllib.request.Request(url, method=method, data=body)  # noqa: S310 - our own
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - our own
        return json.load(answer)
