"""Ways of looking at a document that many rules share."""

from __future__ import annotations

import dataclasses
import functools
import re
from collections.abc import Iterator

from midwatch.base import lazy, shape
from midwatch.checks import model
from midwatch.commands import model as commands
from midwatch.runbook import model as runbooks

REMEMBERED = 8
"""Documents of which a process remembers what rules have asked."""
NEAR = 8
"""Lines between a block and the one that goes with it."""
TELLS = frozenset({"mail", "mailx", "sendmail", "logger", "wall", "notify-send"})
"""Tools that tell somebody something, and change nothing that could be looked at."""
SHELLS = frozenset({"bash", "sh", "shell", "zsh", "console", "shell-session"})

FENCE = lazy.pattern(r"^[\s>]*(?:(?:[-*+]|\d+[.)])\s+)*(?P<mark>`{3,}|~{3,})")


@shape.frozen
class Found:
    """A command with everything around it."""

    command: commands.Command
    line: int
    column: int
    step: runbooks.Step
    procedure: runbooks.Procedure
    outer: tuple[commands.Command, ...] = ()
    """The commands that run it, outermost first: `kubectl exec … --`, then `sh -c`."""

    @property
    def end_column(self) -> int:
        """One past its last character, where it ends on the line it begins on."""
        first = self.command.text.partition("\n")[0]
        return self.column + len(first)


def steps(subject: model.Subject) -> Iterator[tuple[runbooks.Procedure, runbooks.Step]]:
    """Every step with its procedure, in the document's order."""
    for procedure in subject.runbook.procedures:
        for step in procedure.steps:
            yield procedure, step


def found(subject: model.Subject, tool: str | None = None) -> Iterator[Found]:
    """Every command of the document's steps, those that commands run included."""
    for each in everything(subject):
        if tool is None or each.command.tool == tool:
            yield each


@functools.lru_cache(maxsize=REMEMBERED)
def everything(subject: model.Subject) -> tuple[Found, ...]:
    """Every command of a document's steps, worked out once for all rules."""
    return tuple(
        each
        for procedure, step in steps(subject)
        for located in step.commands
        for each in unfold(Found(located.command, located.line, located.column, step, procedure))
    )


def unfold(here: Found) -> Iterator[Found]:
    """A command and all that it runs."""
    yield here
    for inner in here.command.inside:
        below = dataclasses.replace(here, command=inner, outer=(*here.outer, here.command))
        yield from unfold(below)


def words(command: commands.Command) -> tuple[str, ...]:
    """A command's words: their value where it is known, else as written."""
    return tuple(word.text if word.value is None else word.value for word in command.words)


def has_flag(command: commands.Command, *names: str) -> bool:
    """Whether any of the flags is given, also as `--name=value`."""
    given = set(command.flags)
    return any(name in given for name in names) or any(
        word.partition("=")[0] in names for word in words(command)
    )


def flag(command: commands.Command, *names: str) -> str | None:
    """The value that a flag is given, without its quotes; nothing where the flag is not given."""
    given = words(command)
    for word, following in zip(given, (*given[1:], ""), strict=False):
        name, equals, value = word.partition("=")
        if name in names:
            return value if equals else following
    return None


def shell_blocks(subject: model.Subject) -> Iterator[runbooks.Block]:
    """The blocks that hold shell, scripts included."""
    for block in subject.runbook.blocks:
        if block.language in SHELLS:
            yield block


@functools.lru_cache(maxsize=REMEMBERED)
def prose(subject: model.Subject) -> tuple[tuple[int, str], ...]:
    """The lines outside of all blocks, each with its number."""
    inside: set[int] = set()
    for block in subject.runbook.blocks:
        inside.update(range(block.line, block.end_line + 1))
    return tuple(each for each in enumerate(subject.lines, 1) if each[0] not in inside)


def column_of(line: str, part: str) -> int:
    """The 1-based column where a part of a line begins; 1 where it does not occur."""
    at = line.find(part)
    return at + 1 if at >= 0 else 1


def line_of(subject: model.Subject, pattern: str, first: int, last: int) -> int:
    """The first line in a range that a pattern occurs in; the range's first where it does not."""
    for number in range(first, last + 1):
        if re.search(pattern, subject.line(number)):
            return number
    return first


@functools.lru_cache(maxsize=REMEMBERED * 64)
def block_lines(subject: model.Subject, block: runbooks.Block) -> tuple[tuple[int, str], ...]:
    """The lines inside a block, without its fences, each with its number."""
    first, last = block.line, min(block.end_line, len(subject.lines))
    opening = FENCE.match(subject.line(first))
    if opening:
        first += 1
        closing = FENCE.match(subject.line(last))
        if closing and last >= first and closing["mark"][0] == opening["mark"][0]:
            last -= 1
    return tuple((number, subject.line(number)) for number in range(first, last + 1))


def block_below(subject: model.Subject, found: Found) -> runbooks.Block | None:
    """The block close below a command's own, which says what to do with what it opened."""
    blocks = subject.runbook.blocks
    own = next((b for b in blocks if b.line == found.step.fence_line), None)
    if own is None:
        return None
    for block in blocks:
        between = range(own.end_line + 1, block.line)
        near = own.end_line < block.line <= own.end_line + NEAR
        if near and not any(subject.line(number).startswith("#") for number in between):
            return block
    return None


def changes(step: runbooks.Step) -> bool:
    """Whether a step changes or destroys something beyond the operator's own machine."""
    return any(changes_world(located.command) for located in step.commands)


def changes_world(command: commands.Command) -> bool:
    """Whether a command changes or destroys something beyond the operator's own machine."""
    changing = command.effect in {commands.Effect.CHANGE, commands.Effect.DESTROY}
    return changing and command.tool not in TELLS and commands.Trait.LOCAL not in command.traits


def destroys(step: runbooks.Step) -> bool:
    """Whether a step loses something that the document does not make again."""
    return step.effect is commands.Effect.DESTROY


def siblings(subject: model.Subject, procedure: runbooks.Procedure) -> Iterator[runbooks.Procedure]:
    """The other procedures below the same parent heading."""
    for other in subject.runbook.procedures:
        if other.id != procedure.id and other.heading_path[:-1] == procedure.heading_path[:-1]:
            yield other


def text_of(subject: model.Subject, procedure: runbooks.Procedure, after: int = 0) -> str:
    """A procedure's own lines, from a line on."""
    first = max(procedure.line, after + 1)
    return "\n".join(subject.line(n) for n in range(first, procedure.end_line + 1))
