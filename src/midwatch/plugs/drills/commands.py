"""The commands of a faults file: bash, in a session of its own, with its output in a file."""

from __future__ import annotations

import dataclasses
import subprocess
from collections.abc import Mapping
from pathlib import Path

from midwatch.base import clock, errors
from midwatch.plugs.steps import processes

TAIL = 400
GRACE_SECONDS = 3.0
FIND_SECONDS = 15.0
STRICT = ("bash", "--noprofile", "--norc", "-euo", "pipefail", "-c")
PLAIN = ("bash", "--noprofile", "--norc")


@dataclasses.dataclass(frozen=True, slots=True)
class Place:
    """Where a command runs, and how its processes are found again."""

    folder: Path
    environment: Mapping[str, str]
    output: Path
    mark: str


@dataclasses.dataclass(frozen=True, slots=True)
class Running:
    """A command that was started."""

    place: Place
    child: subprocess.Popen[bytes]

    def exit(self) -> int | None:
        """Its exit code, once it has ended."""
        return self.child.poll()

    def stop(self) -> None:
        """End it with everything it started."""
        processes.stop(
            self.child.pid,
            self.place.mark,
            ticks=clock.SystemClock(),
            seconds=GRACE_SECONDS,
            watched=False,
        )
        self.child.wait()

    def tail(self) -> str:
        """The end of what it printed, on one line."""
        return tail(self.place.output)


def tail(path: Path) -> str:
    """The end of a file, on one line."""
    try:
        data = path.read_bytes()[-TAIL:]
    except OSError:
        return ""
    lines = [line.strip() for line in data.decode("utf-8", "replace").splitlines() if line.strip()]
    return " / ".join(lines[-3:])


def start(text: str, place: Place, *, arguments: tuple[str, ...] = ()) -> Running:
    """Start the text of a fault: it stops at the first command that fails."""
    return _started([*STRICT, text, "bash", *arguments], place, subprocess.DEVNULL)


def paste(text: str, place: Place) -> Running:
    """Give the text to bash as somebody pastes it: line by line, whatever fails."""
    script = place.output.with_suffix(".pasted")
    script.write_text(text, encoding="utf-8")
    with script.open("rb") as source:
        return _started([*PLAIN, "-s"], place, source.fileno())


def _started(words: list[str], place: Place, source: int) -> Running:
    variables = {**place.environment, processes.VARIABLE: place.mark}
    try:
        with place.output.open("ab") as output:
            child = subprocess.Popen(
                words,
                cwd=place.folder,
                env=variables,
                stdin=source,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise errors.WorldError(
            f"bash could not be started in {place.folder}: {reason}."
        ) from error
    return Running(place, child)


def printed(text: str, place: Place) -> str:
    """What the text prints, without blanks around it; nothing where it fails or takes too long."""
    try:
        done = subprocess.run(
            [*STRICT, text],
            cwd=place.folder,
            env={**place.environment, processes.VARIABLE: place.mark},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=FIND_SECONDS,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.decode("utf-8", "replace").strip()


def end_leftovers(mark: str) -> int:
    """End what a killed drill left running under that mark; how many processes there were."""
    found = processes.marked(mark)
    for pid in found:
        processes.kill(pid, mark, frozenset())
    return len(found)
