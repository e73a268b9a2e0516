"""The program shfmt, which parses shell text and prints its tree: a pure function in a process."""

from __future__ import annotations

import functools
import json
import shutil
import subprocess
import sys
from pathlib import Path

from midwatch.base import errors, lazy, shape
from midwatch.commands import masking, tree

SECONDS = 10
MASKS = lazy.pattern(f"{masking.MASK}+")
PLACE = lazy.pattern(r"(?:^|:)(\d+):(\d+): (.*)")


@shape.frozen
class Failure:
    """shfmt's complaint, with its line in what it was given (1-based)."""

    line: int
    message: str


def syntax_tree(text: str) -> tree.Json | Failure:
    """What shfmt makes of the text, or its complaint."""
    try:
        ended = subprocess.run(
            [_binary(), "-ln=bash", "--to-json"],
            input=text.encode(),
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Failure(1, "it took too long to read")
    if ended.returncode != 0:
        return _complaint(ended.stderr.decode(errors="replace"))
    return _loaded(ended.stdout)


def _loaded(answer: bytes) -> tree.Json | Failure:
    try:
        found: tree.Json = json.loads(answer)
    except RecursionError:
        return Failure(1, "it is nested too deeply to be read")
    except json.JSONDecodeError:
        return Failure(1, "shfmt gave no answer")
    return found


def _complaint(stderr: str) -> Failure:
    for line in stderr.splitlines():
        place = PLACE.search(line)
        if place:
            return Failure(int(place[1]), MASKS.sub("…", place[3]))
    return Failure(1, stderr.strip().splitlines()[0] if stderr.strip() else "shfmt failed")


@functools.cache
def _binary() -> str:
    beside = Path(sys.executable).parent / "shfmt"
    found = str(beside) if beside.exists() else shutil.which("shfmt")
    if not found:
        raise errors.MissingError(
            "The program shfmt, which reads shell text, is not there.",
            "Install it with `pip install shfmt-py`.",
        )
    return found
