"""The probe: a process that looks as the users do, and prints what it saw, a line a look."""

from __future__ import annotations

import dataclasses
import json
import queue
import subprocess
import threading
from collections.abc import Mapping
from pathlib import Path

from midwatch.base import clock
from midwatch.plugs.drills import commands
from midwatch.plugs.steps import processes

AGAIN_SECONDS = 1.0
LONGEST_LINE = 10_000


@dataclasses.dataclass(frozen=True, slots=True)
class Seen:
    """One line of the probe, and when it came, by the clock that only grows."""

    at: float
    ok: bool
    why: str


@dataclasses.dataclass(frozen=True, slots=True)
class Order:
    """Which probe, and where it runs."""

    command: str
    kind: str
    folder: Path
    environment: Mapping[str, str]
    log: Path
    mark: str


class Probe:
    """One kind of look, for as long as a drill lasts; a probe that ends is started again."""

    def __init__(self, order: Order, ticks: clock.Clock) -> None:
        self._order = order
        self._ticks = ticks
        self._seen: queue.SimpleQueue[Seen] = queue.SimpleQueue()
        self._closed = threading.Event()
        self._child: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._follow, daemon=True)
        self._thread.start()

    def fresh(self) -> list[Seen]:
        """What it said since the last time."""
        found = []
        while not self._seen.empty():
            found.append(self._seen.get())
        return found

    def close(self) -> None:
        """End it."""
        self._closed.set()
        child = self._child
        if child is not None:
            processes.kill(child.pid, self._order.mark, frozenset())
        self._thread.join(commands.GRACE_SECONDS)

    def _follow(self) -> None:
        while not self._closed.is_set():
            code = self._look_on()
            if not self._closed.is_set():
                told = commands.tail(self._order.log)
                why = f"the probe ended with exit {code}" + (f": {told}" if told else "")
                self._seen.put(Seen(self._ticks.monotonic(), ok=False, why=why))
                self._closed.wait(AGAIN_SECONDS)

    def _look_on(self) -> int:
        order = self._order
        with order.log.open("ab") as log:
            child = subprocess.Popen(
                ["bash", "--noprofile", "--norc", "-c", order.command, "bash", order.kind],
                cwd=order.folder,
                env={**order.environment, processes.VARIABLE: order.mark},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                start_new_session=True,
            )
        self._child = child
        with child:
            while child.stdout is not None and (line := child.stdout.readline(LONGEST_LINE)):
                self._seen.put(read(line, self._ticks.monotonic()))
        return child.returncode


def read(line: bytes, at: float) -> Seen:
    """What a line says; what is no look is a bad one, for nobody knows what the users see."""
    text = line.decode("utf-8", "replace").strip()
    try:
        said = json.loads(text)
        ok = said["ok"]
    except (ValueError, KeyError, TypeError):
        return Seen(at, ok=False, why=f"the probe printed no look: {text[:80]}")
    if not isinstance(ok, bool):
        return Seen(at, ok=False, why=f"the probe's “ok” is neither true nor false: {text[:80]}")
    return Seen(at, ok, "" if ok else str(said.get("why") or "bad"))
