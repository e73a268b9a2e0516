"""Lines of text beside what they are about, each folded within its own column."""

from __future__ import annotations

from collections.abc import Sequence

from rich import console, text

from midwatch.base import shape

NARROWEST = 20


@shape.frozen
class Beside:
    """Lines that stand right of a few words; a long line goes on below where it began."""

    left: text.Text
    lines: Sequence[text.Text]

    def __rich_console__(
        self, screen: console.Console, options: console.ConsoleOptions
    ) -> console.RenderResult:
        """The lines as they fit; a table would take ten times as long for as much."""
        width = max(options.max_width - self.left.cell_len, NARROWEST)
        left = self.left
        for line in self.lines:
            whole = line.cell_len <= width
            for part in (line,) if whole else line.wrap(screen, width, overflow="fold"):
                yield from left.render(screen)
                yield from part.render(screen, end="\n")
                left = text.Text(" " * self.left.cell_len)


def show(screen: console.Console, left: text.Text, line: text.Text) -> None:
    """A line beside its left: folded at a terminal, whole in a pipe."""
    if screen.is_terminal:
        screen.print(Beside(left, [line]), end="")
    else:
        screen.print(left.copy().append_text(line), soft_wrap=True)
