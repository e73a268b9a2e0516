"""A person at a real terminal who carries a procedure out with Midwatch, question by question."""

from __future__ import annotations

import dataclasses
import fcntl
import json
import os
import pty
import re
import select
import struct
import subprocess
import sys
import tarfile
import termios
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

PROGRAM = [sys.executable, "-c", "from midwatch.faces.cli.main import main; main()"]
WIDE = struct.pack("HHHH", 50, 1000, 0, 0)
PATIENCE = 420.0
OURS = ("PATH", "HOME", "LANG", "PYTHONPATH", "http_proxy", "https_proxy", "no_proxy")
NAME = re.compile(r"Type (\S+) to run it, or skip: $")
OFFERED = r"[^\n]*q\](uit)?: $"
TICK, WAYS = re.compile(r"\[d\]one, \[s\]kip" + OFFERED), re.compile(r"Which one\?" + OFFERED)
CONDITION = re.compile(r": is it so\?" + OFFERED)
FAILED, REASON = re.compile(r"What now\?" + OFFERED), re.compile(r"(^|\n)Why\? $")
YES = re.compile(r"\[y\]es, \[n\]o" + OFFERED)


@dataclasses.dataclass(frozen=True, slots=True)
class Mind:
    """What the person answers. What the runbook expects is so, they say: the test looks itself."""

    way: int | None = None
    """Of several ways this one, as they are counted on the screen."""
    supposes: str = "no"
    """What they say to “if …: is it so?”."""

    def answer(self, shown: str) -> str | None:
        """What they type at what is shown; nothing while it asks nothing."""
        name = NAME.search(shown)
        if name is not None:
            return name[1]
        said = {
            TICK: "done",
            WAYS: str(self.way),
            CONDITION: self.supposes,
            FAILED: "skip",
            REASON: "left out by the test",
            YES: "yes",
        }
        return next((answer for words, answer in said.items() if words.search(shown)), None)


@dataclasses.dataclass(frozen=True, slots=True)
class Done:
    """How a run ended, what was on the screen, and its journal."""

    code: int
    shown: str
    journal: list[dict[str, Any]]

    @property
    def run_id(self) -> str:
        """The run's name."""
        found = re.search(r"\b\d{4}-\d{4}-[0-9a-z]{4}\b", self.shown)
        assert found is not None, self.shown
        return found[0]

    @property
    def steps(self) -> list[dict[str, Any]]:
        """The steps as they were planned."""
        return [
            step
            for event in self.journal
            if event["kind"] == "planned"
            for step in event["payload"]["plan"]["steps"]
        ]

    def of(self, *kinds: str) -> list[tuple[int, dict[str, Any]]]:
        """What happened to steps, with each step's line."""
        lines = [step["line"] for step in self.steps]
        return [
            (lines[event["payload"]["step"]], event["payload"])
            for event in self.journal
            if event["kind"] in kinds
        ]


@dataclasses.dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a folder to stand in and a place for their journals."""

    folder: Path
    state: Path
    variables: Mapping[str, str] = dataclasses.field(default_factory=dict)

    def runs(self, *words: str, mind: Mind | None = None) -> Done:
        """Call Midwatch with these words, answer what it asks, and wait for its end."""
        bundle = self.state / "bundle.tar.gz"
        bundle.unlink(missing_ok=True)
        extra = ["--bundle", str(bundle)] if words[0] == "run" else []
        ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, WIDE)
        kept = {name: os.environ[name] for name in OURS if name in os.environ}
        settings = {"NO_COLOR": "1", "TERM": "dumb", "MIDWATCH_STATE": str(self.state)}
        process = subprocess.Popen(
            [*PROGRAM, *words, *extra],
            cwd=self.folder,
            env=kept | settings | dict(self.variables),
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
        )
        os.close(theirs)
        shown = "".join(self._conversation(process, ours, mind or Mind()))
        os.close(ours)
        return Done(process.wait(timeout=30), shown, _journal(bundle) if extra else [])

    def _conversation(
        self, process: subprocess.Popen[bytes], ours: int, mind: Mind
    ) -> Iterator[str]:
        end, unanswered = time.monotonic() + PATIENCE, ""
        while time.monotonic() < end:
            if not select.select([ours], [], [], 1)[0]:
                continue
            try:
                data = os.read(ours, 1 << 16)
            except OSError:
                return
            text = data.decode("utf-8", "replace").replace("\r\n", "\n")
            yield text
            unanswered += text
            said = mind.answer(unanswered)
            if said is not None:
                os.write(ours, f"{said}\n".encode())
                unanswered = ""
        process.kill()


def _journal(bundle: Path) -> list[dict[str, Any]]:
    if not bundle.exists():
        return []
    with tarfile.open(bundle) as archive:
        name = next(each for each in archive.getnames() if each.endswith("journal.jsonl"))
        file = archive.extractfile(name)
        assert file is not None
        return [json.loads(line) for line in file.read().decode().splitlines()]
