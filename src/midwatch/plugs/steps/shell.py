"""Shell steps: a fresh bash in a session of its own, with files for what it prints and how it ends.

A folder holds all of one attempt. Whoever creates its `pid` file first owns the attempt: the
supervisor, which then runs the step, or a later Midwatch, which thereby proves that it never began.
"""

from __future__ import annotations

import contextlib
import os
import select
import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeAlias

from midwatch.base import clock, errors, shape
from midwatch.plugs.steps import driver, interactive, private, processes, shell_changes, shell_state

POLL_SECONDS = 0.05
PID_SECONDS = 2.0
SIGNALLED = 128
HOLE = "\0"


@shape.frozen
class Attempt:
    """One attempt at a step: where its files lie, and the mark its processes carry."""

    folder: Path
    name: str
    mark: str

    def place(self, kind: str) -> str:
        """One of its files; as text, for this is asked often."""
        return f"{self.folder}/{self.name}.{kind}"

    @property
    def output(self) -> Path:
        """What it prints."""
        return Path(self.place(driver.OUTPUT))


@shape.frozen
class Script:
    """What to run: the text, the state before it, and the environment."""

    text: str
    before: str
    environment: Mapping[str, str]
    terminal: str | None = None
    """The terminal it is handed, by its path."""
    watched: bool = True
    """A small process watches over it and writes down how it ended, whatever becomes of bash and
    of us. Without one a step costs less; that is for what may be repeated."""
    prompt: str = ""
    """It is no step but a shell for a person, with this prompt."""


@shape.frozen
class Running:
    """It runs."""

    attempt: Attempt
    pid: int
    child: subprocess.Popen[bytes] | None = None
    watched: bool = True


@shape.frozen
class Ended:
    """It ended by itself or was ended, with this exit code."""

    exit: int


@shape.frozen
class Lost:
    """It began, it is gone, and it left no result."""


@shape.frozen
class NeverBegan:
    """Nothing of it was carried out, and nothing will be."""


Found: TypeAlias = Running | Ended | Lost | NeverBegan


def start(attempt: Attempt, script: Script) -> Running:
    """Start the step that was prepared; from here on it does not need us."""
    text, variables = _words(attempt, script)
    environment = {**script.environment, processes.VARIABLE: attempt.mark, **variables}
    try:
        if script.watched:
            child = _start_watched(attempt, text, environment, script.terminal)
        else:
            child = _start_alone(attempt, text, environment)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise errors.WorldError(
            f"The step could not be started: {reason}.", "Try again."
        ) from error
    return Running(attempt, child.pid, child, script.watched)


def _words(attempt: Attempt, script: Script) -> tuple[str, dict[str, str]]:
    """What bash is given to run, and the variables in which it finds the rest."""
    if script.prompt:
        return interactive.command(attempt.place(driver.BEFORE)), {}
    in_files = _too_long(script)
    place = f"{attempt.folder}/{attempt.name}"
    text = driver.driver(place, attempt.mark, in_files=in_files, watched=script.watched)
    if in_files:
        return text, {}
    return text, {driver.BEFORE_VARIABLE: script.before, driver.TEXT_VARIABLE: script.text}


def _start_watched(
    attempt: Attempt, text: str, environment: Mapping[str, str], terminal: str | None
) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [
            "/bin/sh",
            "-c",
            driver.SUPERVISOR,
            "midwatch-step",
            str(attempt.folder),
            attempt.name,
            text,
            terminal or os.devnull,
            terminal or attempt.place(driver.OUTPUT),
        ],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        umask=private.OURS,
        env=environment,
    )


def _start_alone(
    attempt: Attempt, text: str, environment: Mapping[str, str]
) -> subprocess.Popen[bytes]:
    path = attempt.place(driver.OUTPUT)
    with open(path, "ab", buffering=0, opener=private.opener) as output:
        return subprocess.Popen(
            ["bash", "--noprofile", "--norc", "-c", text, "bash"],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd=attempt.folder,
            start_new_session=True,
            umask=private.OURS,
            env=environment,
        )


def _too_long(script: Script) -> bool:
    """Whether the system would not take it as part of an environment."""
    sizes = (len(each.encode("utf-8", "surrogateescape")) for each in (script.before, script.text))
    return max(sizes) > driver.LONGEST


def prepare(attempt: Attempt, script: Script) -> None:
    """Lay the step's files ready, before its start is recorded."""
    text = script.text if script.text.endswith("\n") else script.text + "\n"
    try:
        _write(attempt, driver.TEXT, text)
        if script.prompt:
            place = f"{attempt.folder}/{attempt.name}"
            rc = interactive.rc(place, attempt.mark, script.before, script.prompt)
            _write(attempt, driver.BEFORE, rc)
        elif _too_long(script):
            _write(attempt, driver.BEFORE, script.before)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise errors.WorldError(
            f"The step's files in {attempt.folder} cannot be written: {reason}.",
            "Free some space or fix the folder, then `midwatch resume` the run.",
        ) from error


def _write(attempt: Attempt, kind: str, content: str) -> None:
    path = attempt.place(kind)
    with open(path, "wb", buffering=0, opener=private.opener) as file:
        file.write(content.encode("utf-8", "surrogateescape"))


def find(attempt: Attempt, *, same_boot: bool, ticks: clock.Clock, watched: bool = True) -> Found:
    """What became of an attempt that was started, as far as anybody can know."""
    ended = result(attempt)
    if ended is not None:
        return ended
    if not same_boot or not Path(attempt.place(driver.TEXT)).exists():
        return Lost()  # after a power cut, a file that is missing proves nothing
    if _claim(attempt):
        return NeverBegan()
    pid = _pid(attempt, ticks)
    if pid is not None and processes.is_supervisor(pid, attempt.mark):
        return Running(attempt, pid, watched=watched)
    return result(attempt) or Lost()  # it may have ended while we looked


def _claim(attempt: Attempt) -> bool:
    """Take the attempt, so that a supervisor that has not begun never will."""
    place = attempt.place(driver.STATUS)
    try:
        handle = os.open(place, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except OSError:
        return False
    os.write(handle, b"0\n")
    os.close(handle)
    return True


def _pid(attempt: Attempt, ticks: clock.Clock) -> int | None:
    """The supervisor's process; it may be about to write it."""
    until = ticks.monotonic() + PID_SECONDS
    while True:
        first, newline, _ = _status(attempt).partition("\n")
        if newline and first.isdigit():
            return int(first)
        if ticks.monotonic() > until:
            return None
        ticks.sleep(POLL_SECONDS)


def _status(attempt: Attempt) -> str:
    try:
        with open(attempt.place(driver.STATUS), "rb", buffering=0) as file:  # noqa: PTH123  (hot)
            return file.read().decode("utf-8", "surrogateescape")
    except OSError:
        return ""


def result(attempt: Attempt) -> Ended | None:
    """How it ended, where that is written down whole; a power cut leaves holes in files."""
    text = _status(attempt)
    if HOLE in text:
        return None
    last = text.rpartition("\nexit ")[2]
    mark, _, code = last.rstrip("\n").rpartition(" ")
    if mark != attempt.mark or not last.endswith("\n") or not code.isdigit():
        return None
    return Ended(int(code))


def wait(running: Running, awake: Callable[[], bool], *, poll: float = POLL_SECONDS) -> Found:
    """Until it ends; `awake` is called on the way, and ends the waiting when it says so."""
    handle = _handle(running.pid)
    try:
        while not _over(running, handle, poll):
            if not awake():
                return running
    finally:
        if handle is not None:
            os.close(handle)
    return _ending(running)


def _ending(running: Running) -> Found:
    """As written down; of a shell that nobody watched over, as its parent is told."""
    code = running.child.wait() if running.child is not None else None
    found = result(running.attempt)
    if found is None and code is not None and not running.watched:
        return Ended(code if code >= 0 else SIGNALLED - code)
    return found or Lost()


def _handle(pid: int) -> int | None:
    """Something that becomes readable when the process ends, where the system has that."""
    try:
        return os.pidfd_open(pid)
    except (AttributeError, OSError):
        return None


def _over(running: Running, handle: int | None, seconds: float) -> bool:
    if handle is not None:
        waiting = select.poll()  # `select` knows no file above the thousandth
        waiting.register(handle, select.POLLIN)
        return bool(waiting.poll(seconds * 1000))
    if running.child is not None:
        try:
            running.child.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True
    time.sleep(min(seconds, POLL_SECONDS))
    return not processes.is_supervisor(running.pid, running.attempt.mark)


def dump(attempt: Attempt) -> shell_state.Dump | None:
    """What the shell said of itself after the step; None where the step left the shell."""
    return shell_state.parse(_status(attempt), attempt.mark)


def changes(attempt: Attempt) -> shell_changes.Changes | None:
    """What a person changed in their shell; None where it is not known."""
    text = _status(attempt)
    first, last = (
        shell_state.parse(text, mark.format(attempt.mark))
        for mark in (interactive.BEGINNING, interactive.END)
    )
    return shell_changes.between(first, last) if first and last else None


KILLED = 137
"""Bash was ended in a way that lets no trap run."""


def left_by_itself(found: Ended) -> bool:
    """Whether a shell that left no state ended so that its EXIT trap has run."""
    return found.exit != KILLED


def tidy(attempt: Attempt) -> None:
    """Once the result is on record, only the text and what was printed stay."""
    with contextlib.suppress(OSError):
        os.truncate(attempt.place(driver.STATUS), 0)  # ext4 is slow after many deletions
    with contextlib.suppress(OSError):
        os.unlink(attempt.place(driver.BEFORE))  # noqa: PTH108  (hot)
