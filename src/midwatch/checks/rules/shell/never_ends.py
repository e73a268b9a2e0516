"""A command that runs until somebody stops it, and no word about when to."""

from __future__ import annotations

import re
from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import facts, hits, model
from midwatch.commands import model as commands
from midwatch.runbook import model as runbooks

BOUND = lazy.pattern(r"(?:^|[\s|;&(])timeout\s+(?:-\S+\s+)*\d|\|\s*(?:head\b|grep\s[^|]*-m\s*\d)")
"""What ends it: a limit of time, or of lines that are read."""
JOB = lazy.pattern(r"^(?:jobs?|jobs?\.batch)/")
STOP = lazy.pattern(r"ctrl[\s+-]*c|\^C|stop (?:it|watching|when)|until\b|quit with", re.IGNORECASE)


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """`-f`, `-w`, `watch` and their kind at the end of a block."""
    last = last_lines(subject)
    for found in facts.found(subject):
        if commands.Trait.ENDLESS not in found.command.traits or found.outer:
            continue
        located = runbooks.LocatedCommand(found.line, found.column, found.command)
        if blocks(found.step, located) and last[found.step.fence_line] > found.step.end_line:
            continue  # what stands below it and is not reached matters more
        if ends(found.command, found.step.text):
            continue
        if found.step.text.rstrip().endswith("&") or found.step.fence_line == 0:
            continue
        around = "\n".join(
            subject.line(n) for n in range(found.step.line - 4, found.step.end_line + 4)
        )
        if not STOP.search(around):
            yield hits.of_command(
                found,
                f"`{hits.short(found.command.text, 50)}` runs until it is stopped, and nothing "
                "says when that is.",
            )


def blocks(step: runbooks.Step, located: runbooks.LocatedCommand) -> bool:
    """Whether the command keeps the terminal for ever."""
    if commands.Trait.ENDLESS not in located.command.traits or step.fence_line == 0:
        return False
    if ends(located.command, step.text):
        return False
    after = step.text.rstrip()
    return not after.endswith("&") and commands.Trait.ENDLESS in step.traits


def last_lines(subject: model.Subject) -> dict[int, int]:
    """The line of the last command of each block, by the line of its fence."""
    last: dict[int, int] = {}
    for _, step in facts.steps(subject):
        if step.fence_line and step.commands:
            lines = (located.line for located in step.commands)
            last[step.fence_line] = max(last.get(step.fence_line, 0), *lines)
    return last


def ends(command: commands.Command, around: str) -> bool:
    """Whether it does end: something limits it, or it follows a job, which comes to its end."""
    follows = command.path == ("logs",) and any(map(JOB.match, command.operands))
    return follows or BOUND.search(around) is not None


RULE = model.Rule(
    id="shell/never-ends",
    severity=model.Severity.INFO,
    summary="A command that runs until somebody stops it.",
    why="Someone new to it waits for the end that does not come, and a tool that runs the step "
    "needs a limit.",
    fix="Bound it (`--tail=100`, `kubectl wait --timeout=…`, `timeout 60 …`) or say what to wait "
    "for and when to give up.",
    example=model.Example(
        bad="```bash\nwatch -n 5 kubectl get pods -n parcels\n```\n",
        good="```bash\nkubectl wait pod -l app=sorter -n parcels --for=condition=Ready "
        "--timeout=120s\n```\n",
    ),
    check=check,
)
