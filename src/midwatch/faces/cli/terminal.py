"""The terminal: its width, and whether colours are wanted."""

from __future__ import annotations

import functools
import os
from typing import Any

from rich import console, text

PIPE_WIDTH = 120
WHOLE = {"soft_wrap": True}


def output() -> console.Console:
    """Where results go: coloured on a terminal, plain in a pipe or under NO_COLOR."""
    return made(stderr=False)


def messages() -> console.Console:
    """Where progress and questions go, so that a pipe holds results alone."""
    return made(stderr=True)


def made(*, stderr: bool) -> console.Console:
    """A console that never breaks a command in a pipe, and keeps to the terminal's width."""
    found = Console(stderr=stderr, highlight=False, emoji=False, markup=False)
    if not found.is_terminal and "COLUMNS" not in os.environ:
        found.width = PIPE_WIDTH
    return found


class Console(console.Console):
    """Prints a line of text at once where there is nothing to colour and nothing to wrap."""

    def print(self, *objects: Any, **options: Any) -> None:  # noqa: ANN401  (as Rich has it)
        """Print; the quick way for `print(Text(…), soft_wrap=True)` into a pipe."""
        line = objects[0] if len(objects) == 1 and options == WHOLE else None
        if self._goes_into_a_pipe and isinstance(line, text.Text):
            self.file.write(f"{line.plain}\n")
            return
        super().print(*objects, **options)

    @functools.cached_property
    def _goes_into_a_pipe(self) -> bool:
        return not self.is_terminal
