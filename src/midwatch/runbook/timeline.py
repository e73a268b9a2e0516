"""The statements and comments of a shell block in the order they stand."""

from __future__ import annotations

import bisect
import dataclasses

from midwatch.commands import model as commands
from midwatch.runbook import blocks, comments


@dataclasses.dataclass(slots=True, eq=False)
class Remarks:
    """Comment lines that stand together."""

    remarks: list[tuple[int, int, str]]
    """Each with its line in the file, its offset in the block, and its text after the mark."""
    blank: bool
    """Whether a blank line stands before it."""
    followed: bool = False
    """Whether a statement comes next."""


@dataclasses.dataclass(slots=True, eq=False)
class Typed:
    """A statement, and the comment behind it on its line."""

    statement: commands.Statement
    blank: bool
    aside: str = ""


def build(block: blocks.Prepared, reading: commands.Reading) -> list[Remarks | Typed]:
    """Everything in the block that is a statement, or a comment with its line to itself."""
    statements = sorted(reading.statements, key=lambda statement: statement.span.start)
    starts = [statement.span.start for statement in statements]
    asides: dict[int, str] = {}
    events: list[tuple[int, int, commands.Statement | commands.Comment]] = [
        (statement.span.start, statement.span.end, statement) for statement in statements
    ]
    for comment in reading.comments:
        at = bisect.bisect_right(starts, comment.span.start) - 1
        within = at >= 0 and comment.span.start < statements[at].span.end
        if comment.own_line and not within:
            events.append((comment.span.start, comment.span.end, comment))
        elif at >= 0 and not comment.own_line:
            asides.setdefault(at, comment.text.strip())
    events.sort(key=lambda event: event[0])
    return _join(block, events, {id(statements[at]): text for at, text in asides.items()})


def _join(
    block: blocks.Prepared,
    events: list[tuple[int, int, commands.Statement | commands.Comment]],
    asides: dict[int, str],
) -> list[Remarks | Typed]:
    text = block.typed.text
    found: list[Remarks | Typed] = []
    reach = 0
    for start, end, event in events:
        blank = reach == 0 or "\n\n" in "\n".join(
            line.strip() for line in text[reach:start].split("\n")
        )
        reach = end
        last = found[-1] if found else None
        if isinstance(event, commands.Statement):
            if isinstance(last, Remarks):
                last.followed = True
            found.append(Typed(event, blank, asides.get(id(event), "")))
            continue
        row = (block.typed.place(start).line, start, event.text)
        if isinstance(last, Remarks) and not blank:
            last.remarks.append(row)
        else:
            found.append(Remarks([row], blank))
    return found


def entries(run: Remarks, *, inside: bool) -> list[list[comments.Remark]]:
    """The remarks of a run, the lines of one sentence together."""
    found: list[list[comments.Remark]] = []
    for line, start, text in run.remarks:
        remark = comments.read(line, text, inside=inside, start=start)
        if found and comments.joins(found[-1][-1], remark):
            found[-1].append(remark)
        else:
            found.append([remark])
    return found
