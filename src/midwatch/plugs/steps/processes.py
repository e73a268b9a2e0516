"""The processes of a step: who they are, whether they live, and how all of them are stopped."""

from __future__ import annotations

import contextlib
import functools
import os
import signal
from collections.abc import Iterator
from pathlib import Path

from midwatch.base import clock

PROC = Path("/proc")
VARIABLE = "MIDWATCH_STEP"
STATE, PARENT, GROUP, SESSION = 0, 1, 2, 3  # fields of /proc/PID/stat behind the name
STEP_SECONDS = 0.02


def is_supervisor(pid: int, mark: str) -> bool:
    """Whether that process lives and is the one that watches over the step of that mark."""
    if not PROC.exists():
        return _answers(pid)
    fields = _stat(pid)
    return fields is not None and fields[STATE] != "Z" and _marked(pid, mark)


def _answers(pid: int) -> bool:
    """Where there is no /proc: the process is there, and leads a session of its own."""
    try:
        return os.getsid(pid) == pid
    except OSError:
        return False


def members(pid: int, mark: str) -> frozenset[int]:
    """Every process of the step: its session, its offspring, and whatever carries its mark."""
    if not PROC.exists():
        return frozenset({pid})
    table = dict(_table())
    found = {
        each
        for each, fields in table.items()
        if each == pid or fields[SESSION] == str(pid) or _marked(each, mark)
    }
    while True:
        more = {each for each, fields in table.items() if int(fields[PARENT]) in found} - found
        if not more:
            return frozenset(each for each in found if table.get(each, ("Z",))[STATE] != "Z")
        found |= more


def marked(mark: str) -> frozenset[int]:
    """Every process that carries the mark and still runs, whoever started it."""
    if not PROC.exists():
        return frozenset()
    return frozenset(
        pid for pid, fields in _table() if fields[STATE] not in "ZX" and _marked(pid, mark)
    )


def stop(
    pid: int,
    mark: str,
    *,
    ticks: clock.Clock,
    seconds: float,
    watched: bool,
    gently: bool = False,
    silently: bool = False,
) -> None:
    """Ask all of them to end; end those that do not. Who watches over it stays, to write it down.

    Gently is as Ctrl-C does: a shell says nothing of a child that ends so. Silently, the step's own
    shell hears of nothing and does nothing more: none of its traps is set off.
    """
    asking = (signal.SIGINT, signal.SIGTERM) if gently else (signal.SIGTERM,)
    spared = frozenset({pid} if watched else ())
    if silently:
        _silence(pid, mark, spared, ticks, seconds)
        return
    for number in asking:
        _send(members(pid, mark) - spared, number, pid)
        until = ticks.monotonic() + seconds / len(asking)
        if _end(pid, mark, spared, ticks, until):
            return
    kill(pid, mark, spared)


def _silence(
    pid: int, mark: str, spared: frozenset[int], ticks: clock.Clock, seconds: float
) -> None:
    """Hold the step's own shell, ask what it started to end, then end all at once."""
    held = _children(pid) if spared else frozenset({pid})
    _send(held, signal.SIGSTOP, pid)
    _send(members(pid, mark) - spared - held, signal.SIGTERM, pid)
    _end(pid, mark, spared | held, ticks, ticks.monotonic() + seconds)
    kill(pid, mark, spared)


def _children(pid: int) -> frozenset[int]:
    return frozenset(each for each, fields in _table() if fields[PARENT] == str(pid))


def _end(pid: int, mark: str, spared: frozenset[int], ticks: clock.Clock, until: float) -> bool:
    """Whether all of them are gone by then."""
    while members(pid, mark) - spared:
        if ticks.monotonic() >= until:
            return False
        ticks.sleep(STEP_SECONDS)
    return True


def kill(pid: int, mark: str, spared: frozenset[int]) -> None:
    """End all of them at once; again for what they started meanwhile."""
    for _ in range(3):
        left = members(pid, mark) - spared
        if not left:
            return
        _send(left, signal.SIGKILL, pid)


def _send(pids: frozenset[int], number: signal.Signals, leader: int) -> None:
    if not PROC.exists():
        with contextlib.suppress(OSError):
            os.killpg(leader, number)
        return
    for pid in pids:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, number)


def _table() -> Iterator[tuple[int, tuple[str, ...]]]:
    for path in PROC.iterdir():
        if path.name.isdigit():
            fields = _stat(int(path.name))
            if fields is not None:
                yield int(path.name), fields


def _stat(pid: int) -> tuple[str, ...] | None:
    try:
        text = (PROC / str(pid) / "stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    return tuple(text.rpartition(")")[2].split()[:4])


def _marked(pid: int, mark: str) -> bool:
    try:
        environment = (PROC / str(pid) / "environ").read_bytes()
    except OSError:
        return False
    return f"{VARIABLE}={mark}".encode() in environment.split(b"\0")


@functools.cache
def boot() -> str:
    """Which boot of the machine this is; nothing where the machine does not say."""
    try:
        return (PROC / "sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        return ""
