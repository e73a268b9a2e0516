"""The terminal: its width, and whether colours are wanted."""

from __future__ import annotations

import os

from rich import console

PIPE_WIDTH = 120


def output() -> console.Console:
    """Where results go: coloured on a terminal, plain in a pipe or under NO_COLOR."""
    return made(stderr=False)


def messages() -> console.Console:
    """Where progress and questions go, so that a pipe holds results alone."""
    return made(stderr=True)


def made(*, stderr: bool) -> console.Console:
    """A console that never breaks a command in a pipe, and keeps to the terminal's width."""
    found = console.Console(stderr=stderr, highlight=False, emoji=False, markup=False)
    if not found.is_terminal and "COLUMNS" not in os.environ:
        found.width = PIPE_WIDTH
    return found
