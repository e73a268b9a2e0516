"""Doing one thing after the other, for somebody to watch."""

from __future__ import annotations

import contextlib
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from rich.console import Console

SCREEN = Console(highlight=False)


class MissingError(Exception):
    """The machine lacks something it must have; the message is for people, the exit code 3."""


class BrokenError(Exception):
    """A step failed; the message says which and why, the exit code is 1."""


@contextlib.contextmanager
def step(title: str) -> Iterator[None]:
    """Show what is being done, and how long it took."""
    began = time.monotonic()
    with SCREEN.status(title):
        yield
    SCREEN.print(f"  [green]✓[/] {title} [dim]{time.monotonic() - began:.0f} s[/]")


def run(
    command: Sequence[str],
    *,
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
) -> str:
    """Run a program to its end; its output, or an error with the last lines of it."""
    done = subprocess.run(
        command,
        env=environment,
        cwd=folder,
        check=False,
        text=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    if done.returncode != 0:
        last = "\n".join(done.stdout.strip().splitlines()[-12:])
        raise BrokenError(f"`{' '.join(command)}` ended with {done.returncode}:\n{last}")
    return done.stdout


def works(*command: str) -> bool:
    """Whether a program can be started here and is content."""
    try:
        done = subprocess.run(command, check=False, capture_output=True, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0
