"""What was printed, as far as it can be read without guessing: lines, a number, a table."""

from __future__ import annotations

import re

from midwatch.base import shape

ESCAPES = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]|\r")
QUOTED = re.compile(r"[`*“”]")
NUMBER = re.compile(r"(?<![\w.])(-?\d+(?:\.\d+)?)\s*(%|[A-Za-z]{1,3}\b)?(?![\w.])")
CODE_LINE = re.compile(r"^(?:<\s*)?HTTP/[\d.]+\s+([1-5]\d\d)\b", re.MULTILINE)
READY = re.compile(r"(\d+)/(\d+)")
STATES = frozenset(
    {
        "running", "ready", "healthy", "active", "bound", "up", "completed", "complete", "pending",
        "unhealthy", "inactive", "failed", "down", "exited", "unknown", "notready", "error",
        "terminating", "lost", "starting", "restarting", "stopped", "activating", "deactivating",
    }
)  # fmt: skip
COLUMNS = ("STATUS", "STATE", "PHASE", "HEALTH")
NONE_FOUND = re.compile(r"No resources found.*", re.IGNORECASE)


@shape.frozen
class Row:
    """One line of a table of things and their states."""

    name: str
    state: str
    ready: str = ""

    @property
    def told(self) -> str:
        """For a person."""
        return " ".join(each for each in (self.name, self.ready, self.state) if each)


def plain(text: str) -> str:
    """The expectation without marks of emphasis and code."""
    return QUOTED.sub("", text).strip()


def lines(output: str) -> list[str]:
    """The lines that say something, without colour."""
    clean = ESCAPES.sub("", output)
    return [line.strip() for line in clean.splitlines() if line.strip()]


def same(wanted: str, output: str) -> bool:
    """Whether the output is just what was expected, but for blanks."""
    return [line.split() for line in lines(wanted)] == [line.split() for line in lines(output)]


def number(output: str) -> float | None:
    """The one number that was printed; None where there are several, or none."""
    found = [match for line in lines(output) for match in NUMBER.finditer(line)]
    others = re.findall(r"\d", NUMBER.sub("", ESCAPES.sub("", output)))
    if len(found) != 1 or others or len(lines(output)) > HEADED:
        return None
    return float(found[0][1])


HEADED = 2
"""A number alone, or under its heading."""


def unit(output: str) -> str:
    """The unit that stands behind the one number."""
    found = NUMBER.search(" ".join(lines(output)))
    return (found[2] or "").lower() if found else ""


def http_codes(output: str) -> list[str]:
    """The status codes that were answered, in order."""
    found = CODE_LINE.findall(ESCAPES.sub("", output))
    alone = lines(output)
    if not found and alone and re.fullmatch(r"[1-5]\d\d", alone[-1]):
        return [alone[-1]]
    return found


def state(word: str) -> bool:
    """Whether the word is a state that things are in."""
    return word.lower() in STATES


def rows(output: str) -> list[Row] | None:
    """The rows of a table with a column of states; None where there is no such table."""
    found = lines(output)
    if found and all(NONE_FOUND.fullmatch(line) for line in found):
        return []
    if not found:
        return None
    header = ESCAPES.sub("", found[0])
    place = next((header.find(name) for name in COLUMNS if name in header.split()), -1)
    if place < 0:
        return _bare(found)
    raw = [line for line in ESCAPES.sub("", output).splitlines() if line.strip()]
    place = raw[0].find(header[place:])
    return [_row(raw[0], line, place) for line in raw[1:]]


def _row(header: str, line: str, place: int) -> Row:
    end = header.find("  ", place)
    cell = line[place:] if end < 0 else line[place : _start_of_next(header, end)]
    at = header.find("READY")
    ready = line[at:].split(maxsplit=1)[0] if at >= 0 and line[at:].split() else ""
    return Row(line.split(maxsplit=1)[0], re.split(r"\s{2,}", cell.strip())[0], ready)


def _start_of_next(header: str, end: int) -> int:
    rest = header[end:]
    return end + len(rest) - len(rest.lstrip())


def _bare(found: list[str]) -> list[Row] | None:
    """`kubectl get pods --no-headers`: name, ready, state."""
    made = []
    for line in found:
        words = line.split()
        if len(words) < len(("name", "ready", "state")) or not READY.fullmatch(words[1]):
            return None
        made.append(Row(words[0], words[2], words[1]))
    return made


def says(row: Row, wanted: str) -> bool | None:
    """Whether the row says that it is in that state; None where it speaks of something else."""
    told = row.state.lower()
    if wanted == "ready" and READY.fullmatch(row.ready):
        ready, of = row.ready.split("/")
        return ready == of and told not in {"completed", "terminating"}
    if wanted == "healthy":
        if "unhealthy" in told or "starting" in told:
            return False
        return True if "healthy" in told else None
    first = re.split(r"[\s,:(]", told)[0]
    return first.rstrip("d") == wanted.rstrip("d")
