"""Midwatch as a user runs it: the real program, real bash, a state folder of its own."""

from __future__ import annotations

import dataclasses
import json
import os
import pty
import re
import select
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import pytest
from tests.smoke import zygote


@dataclasses.dataclass(frozen=True, slots=True)
class Ended:
    """What a call of Midwatch left."""

    code: int
    output: str
    errors: str

    @property
    def events(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.output.splitlines()]

    @property
    def run_id(self) -> str:
        found = re.search(r"\b\d{4}-\d{4}-[0-9a-z]{4}\b", self.output)
        assert found, self.output + self.errors
        return found[0]

    def finished(self) -> list[dict[str, Any]]:
        return [event for event in self.events if event["kind"] == "step-finished"]


@dataclasses.dataclass(frozen=True, slots=True)
class Desk:
    """A working folder with a runbook in it, and the environment Midwatch is called in."""

    folder: Path
    environment: dict[str, str]
    loaded: zygote.Zygote

    def write(self, text: str, name: str = "RUNBOOK.md") -> None:
        (self.folder / name).write_text(text, encoding="utf-8")

    def steps(self, *steps: str) -> None:
        """A runbook with one procedure, a block for each step."""
        blocks = "\n".join(f"```bash\n{step}\n```\n" for step in steps)
        self.write(f"# Work\n\n## Mend it\n\n**Resolution:**\n\n{blocks}")

    def start(self, *arguments: str, **environment: str) -> zygote.Process:
        return self.start_into(subprocess.PIPE, *arguments, **environment)

    def start_into(
        self, output: int | IO[str], *arguments: str, **environment: str
    ) -> zygote.Process:
        return self.loaded.start(
            arguments,
            folder=self.folder,
            environment={**self.environment, **environment},
            output=output,
        )

    def begin(self, *arguments: str, **environment: str) -> tuple[zygote.Process, str]:
        """Start a run and read the first line, which names it."""
        process = self.start("run", "RUNBOOK.md#mend-it", "--json", *arguments, **environment)
        assert process.stdout is not None
        return process, str(json.loads(process.stdout.readline())["run_id"])

    def kill(self, process: zygote.Process) -> None:
        """End Midwatch, and nothing but Midwatch, as `kill -9` does."""
        process.kill()
        process.communicate()

    def until(self, name: str) -> str:
        """Wait until a step has written that file; its text."""
        path = self.folder / name
        end = time.monotonic() + 30
        while not (path.exists() and path.read_text(encoding="utf-8").endswith("\n")):
            assert time.monotonic() < end, f"{name} was never written"
            time.sleep(0.02)
        return path.read_text(encoding="utf-8")

    def midwatch(self, *arguments: str, **environment: str) -> Ended:
        process = self.start(*arguments, **environment)
        output, errors = process.communicate(timeout=90)
        return Ended(process.wait(), output, errors)

    def run(self, *arguments: str, **environment: str) -> Ended:
        return self.midwatch("run", "RUNBOOK.md#mend-it", *arguments, **environment)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    folder = tmp_path / "work"
    folder.mkdir()
    environment = {
        name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TERM") if name in os.environ
    }
    environment["MIDWATCH_STATE"] = str(tmp_path / "state")
    return Desk(folder, environment, zygote.shared())


class Terminal:
    """A terminal with Midwatch in it."""

    def __init__(self, desk: Desk, *arguments: str, **environment: str) -> None:
        self.ours, theirs = pty.openpty()
        self.seen = ""
        self.process = desk.loaded.start(
            arguments,
            folder=desk.folder,
            environment={
                **desk.environment,
                "COLUMNS": "80",
                "NO_COLOR": "1",
                "TERM": "xterm",
                **environment,
            },
            terminal=theirs,
        )
        os.close(theirs)

    def until(self, words: str) -> None:
        """Read until these words were shown."""
        end = time.monotonic() + 30
        while words not in self.seen:
            assert time.monotonic() < end, f"never shown: {words!r} in {self.seen}"
            assert self.read(), f"ended before: {words!r} in {self.seen}"
        self.seen = self.seen.partition(words)[2]

    def read(self) -> bool:
        if not select.select([self.ours], [], [], 30)[0]:
            return True
        try:
            data = os.read(self.ours, 65536)
        except OSError:
            return False
        self.seen += data.decode("utf-8", "replace").replace("\r\n", "\n")
        return bool(data)

    def type(self, keys: str) -> None:
        os.write(self.ours, keys.encode())

    def interrupt(self) -> None:
        """Ctrl-C at a question, as a person presses it: again when nothing happens.

        Readline may begin to wait just as the signal comes, and then sees it at the next key.
        """
        for _ in range(5):
            os.killpg(self.process.pid, signal.SIGINT)
            try:
                self.process.wait(timeout=3)
            except subprocess.TimeoutExpired:
                continue
            return

    def end(self) -> int:
        """Read to the end; the exit code."""
        while self.read():
            pass
        return self.process.wait(timeout=30)


class Terminals:
    """Terminals that are closed when the test is over."""

    def __init__(self) -> None:
        self.made: list[Terminal] = []

    def open(self, desk: Desk, *arguments: str, **environment: str) -> Terminal:
        """A terminal with that call of Midwatch in it."""
        self.made.append(Terminal(desk, *arguments, **environment))
        return self.made[-1]


@pytest.fixture
def terminals() -> Iterator[Terminals]:
    opened = Terminals()
    yield opened
    for each in opened.made:
        each.process.kill()
        each.process.wait()
        os.close(each.ours)
