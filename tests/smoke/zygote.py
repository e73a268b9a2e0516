"""Midwatch, started by forking a process that has loaded it: the same program, without the wait.

Half of a test's time is Python loading the same modules anew. The zygote loads them once, reads one
runbook, and waits; each call of Midwatch, or of `postroomctl`, is a fork of it, with its own
environment, folder and files, and from there on it runs and ends like any other process. Whether
the program also starts cold is asked by tests that start it so: the demo, completion, two accounts,
a full disk, and the watch that Schemathesis asks.

This file is that program, and `Zygote` is the end that a test holds.
"""

from __future__ import annotations

import atexit
import contextlib
import functools
import gc
import importlib
import io
import json
import os
import pkgutil
import selectors
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import IO, Any, NoReturn

MOST = 1 << 17
ROOT = Path(__file__).parents[2]
PROGRAMS = {"midwatch": "midwatch.faces.cli.main", "postroomctl": "postroom.control"}
LOADED = tuple(
    f"midwatch.{room}"
    for room in ("engine", "app", "runs", "alerts", "oncall", "incidents", "faces.api")
)
OTHERS = ("httptools", "httpx", "psycopg", "pymysql", "sqlglot", "uvicorn.main", "uvloop")
FILES = 4
"""Standard input, output and errors of a call, and where its end is told."""
WARMING = b"""# Warming

## Mend it

**Diagnosis:**

1. Look at the log: `tail -n 20 /var/log/it.log`

```bash
for name in one two; do
  systemctl status "$name" | grep -c active && sudo systemctl restart "$name" > /dev/null 2>&1
done
curl -fsS http://127.0.0.1:8080/health
```

```console
$ df -h <folder>
Filesystem      Size  Used Avail
```

**Verification:** It answers `ok`.

| Signal | Meaning |
|---|---|
| `up` | it runs |
"""


class Process:
    """A call of Midwatch: what `subprocess.Popen` would be."""

    def __init__(self, pid: int, status: int, output: int | None, errors: int | None) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self.stdout = _reader(output)
        self.stderr = _reader(errors)
        self._status = status

    def __del__(self) -> None:
        """A call that a test leaves alone is no leak."""
        self.close()

    def poll(self) -> int | None:
        """Its exit code, where it has ended."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.wait(0)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end; its exit code."""
        if self.returncode is None:
            with selectors.DefaultSelector() as selector:
                selector.register(self._status, selectors.EVENT_READ)
                if not selector.select(timeout):
                    raise subprocess.TimeoutExpired("midwatch", timeout or 0)
            told = os.read(self._status, 64)
            os.close(self._status)
            assert told, "the zygote is gone"
            self.returncode = os.waitstatus_to_exitcode(int(told))
        return self.returncode

    def communicate(self, timeout: float | None = None) -> tuple[str, str]:
        """All that it printed until its end."""
        read: dict[int, str] = {}
        threads = [
            threading.Thread(target=lambda n=n, file=file: read.update({n: file.read()}))
            for n, file in enumerate((self.stdout, self.stderr))
            if file is not None
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout)
            if thread.is_alive():
                raise subprocess.TimeoutExpired("midwatch", timeout or 0)
        self.wait(timeout)
        self.close()
        return read.get(0, ""), read.get(1, "")

    def send_signal(self, number: int) -> None:
        """Send it a signal, unless it has ended."""
        if self.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def close(self) -> None:
        """Let go of what it printed."""
        for file in (self.stdout, self.stderr):
            if file is not None:
                file.close()


def _reader(handle: int | None) -> IO[str] | None:
    return None if handle is None else open(handle, encoding="utf-8", errors="replace")  # noqa: PTH123


class Zygote:
    """The process that has loaded Midwatch, and forks for every call."""

    def __init__(self) -> None:
        self._ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._process = subprocess.Popen(
            [sys.executable, str(Path(__file__)), str(theirs.fileno())],
            pass_fds=[theirs.fileno()],
            cwd=ROOT,
            start_new_session=True,
        )
        theirs.close()

    def start(
        self,
        arguments: tuple[str, ...],
        *,
        folder: Path,
        environment: dict[str, str],
        program: str = "midwatch",
        terminal: int | None = None,
        output: int | IO[str] = subprocess.PIPE,
    ) -> Process:
        """Call a program: with pipes, or with all of it on a terminal in a session of its own."""
        request = {
            "program": program,
            "arguments": arguments,
            "folder": str(folder),
            "environment": environment,
            "session": terminal is not None,
        }
        with contextlib.ExitStack() as stack:
            reads, writes = zip(*(_pipe(stack) for _ in range(3)), strict=True)
            files = _files(stack, terminal, output, writes)
            message = json.dumps(request).encode("utf-8", "surrogateescape")
            socket.send_fds(self._ours, [message], [*files, writes[2]])
            pid = int(self._ours.recv(64))
        if terminal is not None or output != subprocess.PIPE:
            os.close(reads[0])
        if terminal is not None:
            os.close(reads[1])
        return Process(
            pid,
            reads[2],
            reads[0] if terminal is None and output == subprocess.PIPE else None,
            reads[1] if terminal is None else None,
        )

    def run(
        self, *arguments: str, folder: Path, environment: dict[str, str], program: str = "midwatch"
    ) -> subprocess.CompletedProcess[str]:
        """Call a program and wait for its end, as `subprocess.run` does."""
        process = self.start(arguments, folder=folder, environment=environment, program=program)
        output, errors = process.communicate(timeout=90)
        return subprocess.CompletedProcess(arguments, process.wait(), output, errors)

    def close(self) -> None:
        """End it, and ask calls that still run to end."""
        self._ours.close()
        self._process.wait()


@functools.cache
def shared() -> Zygote:
    """The one of this test process; it ends with it."""
    made = Zygote()
    atexit.register(made.close)
    return made


def _pipe(stack: contextlib.ExitStack) -> tuple[int, int]:
    """A pipe whose writing end is closed here once it was handed over."""
    read, write = os.pipe()
    stack.callback(os.close, write)
    return read, write


def _files(
    stack: contextlib.ExitStack,
    terminal: int | None,
    output: int | IO[str],
    writes: tuple[int, ...],
) -> list[int]:
    if terminal is not None:
        return [terminal, terminal, terminal]
    nothing = os.open(os.devnull, os.O_RDONLY)
    stack.callback(os.close, nothing)
    if output == subprocess.PIPE:
        return [nothing, writes[0], writes[1]]
    return [nothing, output if isinstance(output, int) else output.fileno(), writes[1]]


def load() -> None:
    """Load all of Midwatch, and what it loads when it is first used."""
    sys.path.append(str(ROOT / "lab" / "postroom"))
    for name in (*PROGRAMS.values(), *OTHERS):
        importlib.import_module(name)
    package = sys.modules["midwatch"]
    for found in pkgutil.walk_packages(package.__path__, "midwatch."):
        if found.name.startswith(LOADED):
            importlib.import_module(found.name)
    for name, module in list(sys.modules.items()):
        if name.startswith(("midwatch.", "rich.")):
            _ = module.__doc__  # a lazy module is executed when it is touched
    warm()
    gc.collect()
    gc.freeze()  # a fork need not look through, and so copy, what all forks share


def warm() -> None:
    """Read a runbook once: patterns are compiled and tools known when a call begins."""
    for name, module in list(sys.modules.items()):
        if name.startswith("midwatch."):
            for value in list(vars(module).values()):
                if type(value).__name__ == "_Pattern":
                    _ = value.pattern
    sys.modules["midwatch.runbook.reading"].read("RUNBOOK.md", WARMING)


def call(program: str) -> None:
    """Run a program and end as it ends, but for taking apart module by module what all forks share.

    That costs as much as most calls, and a process that has flushed and left has nothing to lose.
    """
    try:
        sys.modules[PROGRAMS[program]].main()
    except SystemExit as end:
        if not isinstance(end.code, int | None):
            raise
        threading._shutdown()  # type: ignore[attr-defined]
        atexit._run_exitfuncs()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(end.code or 0)


def serve(ours: socket.socket) -> tuple[str, ...]:
    """Fork for each request; in the fork, its program and the words of its command line."""
    running: dict[int, int] = {}
    with selectors.DefaultSelector() as selector:
        selector.register(ours, selectors.EVENT_READ)
        while True:
            for key, _ in selector.select(0.02 if running else None):
                if key.fileobj is not ours:
                    continue
                message, files, _, _ = socket.recv_fds(ours, MOST, FILES)
                if not message:
                    leave(running)
                request = json.loads(message)
                pid = os.fork()
                if pid == 0:
                    become(request, files)
                    return request["program"], *request["arguments"]
                running[pid] = files.pop()
                for handle in set(files):
                    os.close(handle)
                ours.send(str(pid).encode())
            reap(running)


def leave(running: dict[int, int]) -> NoReturn:
    """End with the test process, however that ended, and let no watch of it live on."""
    for pid in running:
        os.kill(pid, signal.SIGTERM)  # not yet waited for, so the number is still its own
    os._exit(0)


def reap(running: dict[int, int]) -> None:
    """Tell each call's end to whoever waits for it."""
    for pid in tuple(running):
        found, status = os.waitpid(pid, os.WNOHANG)
        if found:
            handle = running.pop(pid)
            with contextlib.suppress(BrokenPipeError):
                os.write(handle, str(status).encode())
            os.close(handle)


def become(request: dict[str, Any], files: list[int]) -> None:
    """Be the process that the request wants, as if it had been started so."""
    if request["session"]:
        os.setsid()
    for number, handle in enumerate(files[:3]):
        os.dup2(handle, number)
    os.closerange(3, 1024)
    os.environ.clear()
    os.environ.update(request["environment"])
    os.chdir(request["folder"])
    sys.stdin = io.TextIOWrapper(_buffered(0), "utf-8", "strict")
    for number, name, how in ((1, "stdout", "strict"), (2, "stderr", "backslashreplace")):
        lines = os.isatty(number) or number == 2
        stream = io.TextIOWrapper(_buffered(number), "utf-8", how, line_buffering=lines)
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)
    atexit._clear()
    signal.signal(signal.SIGINT, signal.default_int_handler)


def _buffered(number: int) -> io.BufferedReader | io.BufferedWriter:
    if number == 0:
        return io.BufferedReader(io.FileIO(number, "rb", closefd=False))
    return io.BufferedWriter(io.FileIO(number, "wb", closefd=False))


if __name__ == "__main__":
    load()
    name, *words = serve(socket.socket(fileno=int(sys.argv[1])))
    sys.argv = ["-c", *words]
    call(name)
