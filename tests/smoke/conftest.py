"""Midwatch as a user runs it: the real program, real bash, a state folder of its own."""

from __future__ import annotations

import dataclasses
import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import IO, Any

import pytest

PROGRAM = [sys.executable, "-c", "from midwatch.faces.cli.main import main; main()"]


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

    def write(self, text: str, name: str = "RUNBOOK.md") -> None:
        (self.folder / name).write_text(text, encoding="utf-8")

    def steps(self, *steps: str) -> None:
        """A runbook with one procedure, a block for each step."""
        blocks = "\n".join(f"```bash\n{step}\n```\n" for step in steps)
        self.write(f"# Work\n\n## Mend it\n\n**Resolution:**\n\n{blocks}")

    def start(self, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        return self.start_into(subprocess.PIPE, *arguments, **environment)

    def start_into(
        self, output: int | IO[str], *arguments: str, **environment: str
    ) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [*PROGRAM, *arguments],
            cwd=self.folder,
            env={**self.environment, **environment},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
        )

    def begin(self, *arguments: str, **environment: str) -> tuple[subprocess.Popen[str], str]:
        """Start a run and read the first line, which names it."""
        process = self.start("run", "RUNBOOK.md#mend-it", "--json", *arguments, **environment)
        assert process.stdout is not None
        return process, str(json.loads(process.stdout.readline())["run_id"])

    def kill(self, process: subprocess.Popen[str]) -> None:
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
        return Ended(process.returncode, output, errors)

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
    return Desk(folder, environment)
