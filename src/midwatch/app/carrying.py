"""The process beside `midwatch serve` that carries the runs of its incidents out."""

from __future__ import annotations

import asyncio
import os
import select
import threading
from collections.abc import Mapping

import uvloop

from midwatch.app import arranging, rereading, serve_settings, serving, settings, watch_runs
from midwatch.base import clock, errors
from midwatch.db import place, sole

MANY = 4096
FRESH_SECONDS = 4.0
"""So long after the last byte nothing new is begun: the watch may be another machine's by then."""
LEAVING_SECONDS = 20.0
"""A run is left within so long: its steps go on by themselves, and a restart finds them."""


def carry(found: settings.Settings, environment: Mapping[str, str], pipe: int) -> None:
    """Start what incidents ask for until the pipe closes; each byte in it says: look now."""
    url = serving.database(found.serve or serve_settings.Serve(), environment)
    arranged = rereading.Arranged(found.path, arranging.arrange(found))
    pulse = Pulse(clock.SystemClock())
    if not _hear(pipe, pulse):  # until then the watch may be another process's
        return
    held = sole.await_hold(place.state_folder(), clock.SystemClock(), lambda: _is_over(pipe, pulse))
    if held is None:
        return
    runs = watch_runs.Runs(url, arranging.folder(found), arranged.now, may=pulse.is_felt)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_until_closed(runs, pipe, pulse))
    os.close(held)


class Pulse:
    """The watch says twice a second that it is there, and that its claim holds."""

    def __init__(self, ticks: clock.Clock) -> None:
        self._ticks = ticks
        self._last = float("-inf")

    def beat(self) -> None:
        """It said so just now."""
        self._last = self._ticks.monotonic()

    def is_felt(self) -> bool:
        """Whether it said so a moment ago."""
        return self._ticks.monotonic() - self._last < FRESH_SECONDS


def _hear(pipe: int, pulse: Pulse) -> bool:
    """Wait for what the watch says; False where it is gone."""
    if not os.read(pipe, MANY):
        return False
    pulse.beat()
    return True


def _is_over(pipe: int, pulse: Pulse) -> bool:
    """Whether the watch is gone, without waiting for it."""
    ready, _, _ = select.select([pipe], [], [], 0)
    return bool(ready) and not _hear(pipe, pulse)


async def _until_closed(runs: watch_runs.Runs, pipe: int, pulse: Pulse) -> None:
    loop = asyncio.get_running_loop()

    def look() -> None:
        if _hear(pipe, pulse):
            runs.wake()
            return
        loop.remove_reader(pipe)
        runs.close()
        _leave_within(LEAVING_SECONDS)

    loop.add_reader(pipe, look)
    await runs.serve()


def _leave_within(seconds: float) -> None:
    """End whatever still hangs then: the next watch waits for the lock, and its runs with it."""
    timer = threading.Timer(seconds, os._exit, (errors.Exit.FAILED,))
    timer.daemon = True
    timer.start()
