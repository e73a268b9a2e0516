"""A step in a block that is a comment and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from midwatch.base import lazy
from midwatch.checks import facts, model

VERB = lazy.pattern(
    r"^(?:step\s*)?(?:\d+[.)]\s*)?(?P<verb>check|review|edit|adjust|update|change|increase|decrease|"
    r"set|verify|restart|run|add|remove|delete|create|configure|clean|test|wait|stop|start|rotate|"
    r"restore|scale|monitor|inspect|fix|apply|upgrade|enable|disable|ensure|confirm)\b",
    re.IGNORECASE,
)
ENDS = lazy.pattern(r"[:,]$|^(?:expected|output|should|note|e\.g\.|example)", re.IGNORECASE)


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """A comment that begins with a verb and is followed by no command."""
    for block in facts.shell_blocks(subject):
        lines = facts.block_lines(subject, block)
        if block.role != "steps" or not any(is_command(line) for _, line in lines):
            continue
        for number, comment in alone(lines):
            yield model.Hit(
                number,
                f"“{comment}” is a step without a command.",
                column=facts.column_of(subject.line(number), comment),
            )


def is_command(line: str) -> bool:
    """Whether a line of a block is more than blank or a comment."""
    return bool(line.strip()) and not line.strip().startswith("#")


def alone(lines: Sequence[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """The comments that announce something to do, and after which nothing is done."""
    for index, (number, line) in enumerate(lines):
        text = line.strip().lstrip("#").strip()
        if not line.strip().startswith("#") or not VERB.match(text) or ENDS.search(text):
            continue
        above = lines[index - 1][1].strip() if index else ""
        following = [after.strip() for _, after in lines[index + 1 :]]
        next_line = following[0] if following else ""
        if above and not announces(above):
            continue  # a note on the command above it, or the end of a longer remark
        goes_on = not next_line and any(following) and is_command(first(following))
        if not goes_on and (not next_line or announces(next_line)):
            yield number, text


def announces(line: str) -> bool:
    """Whether a comment is a step of its own."""
    return line.startswith("#") and bool(VERB.match(line.lstrip("#").strip()))


def first(lines: Sequence[str]) -> str:
    """The first line that is not blank."""
    return next((line for line in lines if line), "")


RULE = model.Rule(
    id="procedure/comment-only-step",
    severity=model.Severity.INFO,
    summary="A step in a block that is only a comment.",
    why="A runner, and a tired person, go over it: the step is not done and nobody notices.",
    fix="Write the command, or take the step out of the block and make it a numbered step.",
    example=model.Example(
        bad="```bash\nkubectl top pods -n parcels\n\n# Adjust the limits in sorter.yaml\n```\n",
        good="1. Look: `kubectl top pods -n parcels`\n2. Set the limits in `sorter.yaml` and apply "
        "it.\n",
    ),
    check=check,
)
