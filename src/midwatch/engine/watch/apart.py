"""Runs are carried out in a process of their own: whatever happens there, pages go out here.

The two share the store and nothing else. A byte down a pipe says that something may have been asked
for, and that the watch is there and its claim holds; without one for some seconds nothing new is
begun. When the pipe closes the watch is gone, and the other process leaves its runs as they stand.
"""

from __future__ import annotations

import contextlib
import logging
import os
import subprocess
import threading
from collections.abc import Sequence

from midwatch.base import clock

LOG = logging.getLogger(__name__)
FIRST_PAUSE, LONGEST_PAUSE, MOST_DOUBLINGS = 0.5, 60.0, 10
STEADY_SECONDS = 60.0
"""Whatever ran for so long is started again at once."""
LEAVING_SECONDS = 30.0
LOOK_SECONDS = 0.25
WAKE = b"."


def pause(failures: int) -> float:
    """Seconds until it is started again that has ended so often in a row."""
    return float(min(FIRST_PAUSE * 2 ** min(failures, MOST_DOUBLINGS), LONGEST_PAUSE))


class Apart:
    """Keeps the process that carries runs out; started again when it ends by itself."""

    def __init__(self, command: Sequence[str], ticks: clock.Clock) -> None:
        self._command = tuple(command)
        self._ticks = ticks
        self._pipe: int | None = None
        """Where a byte wakes it."""
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._keeper = threading.Thread(target=self._keep, name="midwatch-runs")
        self.restarts = 0
        self.is_up = False

    def start(self) -> None:
        """Begin; what an earlier process began is gone on with."""
        self._keeper.start()

    def wake(self) -> None:
        """A run may have been asked for; may be called from any thread."""
        with self._lock, contextlib.suppress(OSError):  # full: it is awake; gone: that is told
            if self._pipe is not None:
                os.write(self._pipe, WAKE)

    def close(self) -> None:
        """Let it leave its runs as they stand; a restart finds them."""
        self._closing.set()
        self._let_go()
        if self._keeper.is_alive():
            self._keeper.join()

    def _keep(self) -> None:
        failures = 0
        while not self._closing.is_set():
            began = self._ticks.monotonic()
            code = self._once()
            if self._closing.is_set():
                return
            lasted = self._ticks.monotonic() - began
            failures = 0 if lasted > STEADY_SECONDS else failures + 1
            LOG.error("the process that carries runs out ended (%s); it is started again", code)
            self.restarts += 1
            self._closing.wait(pause(failures))

    def _once(self) -> str:
        """Start it, wait for its end, and say how it ended."""
        try:
            process = self._begin()
        except OSError as error:
            return error.strerror or str(error)
        if self._closing.is_set():  # in between: it reads the end of its pipe
            self._let_go()
        self.is_up = True
        try:
            code = self._ended(process)
        finally:
            self.is_up = False
            self._let_go()
        return f"signal {-code}" if code < 0 else f"exit code {code}"

    def _begin(self) -> subprocess.Popen[bytes]:
        reading, writing = os.pipe()
        os.set_blocking(writing, False)
        try:
            process = subprocess.Popen(self._command, stdin=reading, stdout=subprocess.DEVNULL)
        except OSError:
            os.close(writing)
            raise
        finally:
            os.close(reading)
        with self._lock:
            self._pipe = writing
        return process

    def _let_go(self) -> None:
        with self._lock:
            if self._pipe is not None:
                os.close(self._pipe)
            self._pipe = None

    def _ended(self, process: subprocess.Popen[bytes]) -> int:
        """Its exit code; whoever does not leave in time is killed: a restart finds its runs."""
        while not self._closing.is_set():
            with contextlib.suppress(subprocess.TimeoutExpired):
                return process.wait(timeout=LOOK_SECONDS)
        try:
            return process.wait(timeout=LEAVING_SECONDS)
        except subprocess.TimeoutExpired:
            LOG.error("the process that carries runs out did not leave; it was killed")  # noqa: TRY400
            process.kill()
            return process.wait()
