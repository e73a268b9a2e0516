"""A command that never ends, with more commands below it."""

from __future__ import annotations

from collections.abc import Iterator

from midwatch.checks import facts, hits, model
from midwatch.checks.rules.shell import never_ends
from midwatch.runbook import model as runbooks


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """An endless command that is not the last of its block."""
    last = never_ends.last_lines(subject)
    for _, step in facts.steps(subject):
        for located in step.commands:
            blocks = never_ends.blocks(step, located)
            if blocks and last.get(step.fence_line, 0) > step.end_line:
                yield hit(subject, step, located)


def hit(subject: model.Subject, step: runbooks.Step, located: runbooks.LocatedCommand) -> model.Hit:
    """What is told of it."""
    found = facts.Found(
        located.command,
        located.line,
        located.column,
        step,
        next(p for p in subject.runbook.procedures if step in p.steps),
    )
    return hits.of_command(
        found,
        f"`{hits.short(located.command.text, 50)}` never ends, so nothing below it in this block "
        "is reached.",
    )


RULE = model.Rule(
    id="shell/blocking-then-more",
    severity=model.Severity.WARNING,
    summary="A command that never ends, with more commands below it.",
    why="The block stops there, and what would have shown the cause is never run.",
    fix="Put it last or in a block of its own, bound it (`--tail=100`, `--no-stream`, `timeout "
    "30`) "
    "or send it to the background with `&`.",
    example=model.Example(
        bad="```bash\nkubectl logs -f deployment/desk\nkubectl get pods\n```\n",
        good="```bash\nkubectl logs deployment/desk --tail=100\nkubectl get pods\n```\n",
    ),
    check=check,
)
