"""The files by which Midwatch and the process of a step talk while it runs.

The request is laid ready before the step starts. A step that wants a person's word writes its
question, and waits for the answer for as long as it may hold what it holds.
"""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

from midwatch.base import clock, shape

CLOCK = clock.SystemClock()
REQUEST = "request.json"
QUESTION = "question"
ANSWER = "answer"
MEANING = "meaning"
HOLDING = "holding"
"""A transaction is open: until it is told to commit, the database takes it back by itself."""
COMMITTING = "committing"
YES = "yes"
NO = "no"
SECOND = 0.05


@shape.frozen
class Request:
    """What the process of a step is to do; secrets are not in it, only their variables."""

    kind: str
    pieces: tuple[str, ...]
    parameters: tuple[dict[str, Any], ...] = ()
    effect: str = "unknown"
    phase: str = ""
    expected: tuple[str, ...] = ()
    ask: bool = False
    """A person is there, and is asked once more when it is known what changes."""
    seconds: float | None = None
    """How long one statement or request may take."""
    context: str = ""
    """The cluster, for what goes to Kubernetes."""
    until: float = 0.0
    """When a wait ends, in seconds since 1970."""


def write_request(folder: Path, request: Request) -> None:
    """Lay the request ready."""
    text = json.dumps(dataclasses.asdict(request), ensure_ascii=False)
    _whole(folder / REQUEST, text)


def read_request(folder: Path) -> Request:
    """The request that was laid ready."""
    fields = json.loads((folder / REQUEST).read_text(encoding="utf-8"))
    tuples = {name: tuple(fields[name]) for name in ("pieces", "parameters", "expected")}
    return Request(**{**fields, **tuples})


def ask(folder: Path, sentence: str) -> None:
    """Write the question down; an answer to an older one counts no more."""
    (folder / ANSWER).unlink(missing_ok=True)
    _whole(folder / QUESTION, sentence)


def question(folder: Path) -> str | None:
    """What the step asks right now, if anything."""
    try:
        return (folder / QUESTION).read_text(encoding="utf-8")
    except OSError:
        return None


def answer(folder: Path, said: str) -> None:
    """Tell the step what a person said; the question is over."""
    (folder / QUESTION).unlink(missing_ok=True)
    _whole(folder / ANSWER, said)


def answered(folder: Path) -> str | None:
    """What a person said, if they have."""
    try:
        return (folder / ANSWER).read_text(encoding="utf-8")
    except OSError:
        return None


def wait(folder: Path, seconds: float) -> str | None:
    """Wait for the answer; None when nobody gave one in time."""
    until = CLOCK.monotonic() + seconds
    while CLOCK.monotonic() < until:
        said = answered(folder)
        if said is not None:
            return said
        CLOCK.sleep(SECOND)
    (folder / QUESTION).unlink(missing_ok=True)
    return answered(folder)


def mean(folder: Path, sentence: str) -> None:
    """Say in one sentence how the step ended, for the journal."""
    _whole(folder / MEANING, sentence)


def meaning(folder: Path) -> str:
    """The sentence that the step left of its end."""
    try:
        return (folder / MEANING).read_text(encoding="utf-8").strip()
    except OSError:
        return ""


def mark(folder: Path, name: str) -> None:
    """Note that the step came this far."""
    (folder / name).touch()


def reached(folder: Path, name: str) -> bool:
    """Whether the step came this far."""
    return (folder / name).exists()


def _whole(path: Path, text: str) -> None:
    """A file that is there whole or not at all."""
    partial = path.with_suffix(".partial")
    partial.write_text(text, encoding="utf-8", errors="surrogateescape")
    partial.replace(path)
