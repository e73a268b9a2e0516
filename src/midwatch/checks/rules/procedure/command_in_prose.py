"""A change that hides in a sentence."""

from __future__ import annotations

from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import facts, model
from midwatch.runbook import model as runbooks

ALONE = lazy.pattern(r"^\s*(?:[-*+]|\d+[.)])?\s*`[^`]+`[.;]?\s*$")
"""The command is the whole line."""


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """A command in a line of prose that changes something."""
    for _, step in facts.steps(subject):
        if step.fence_line or step.kind is not runbooks.Kind.SHELL or not facts.changes(step):
            continue
        located = step.commands[0]
        if ALONE.match(subject.line(step.line)):
            continue
        yield model.Hit(
            step.line,
            f"`{located.command.text}` changes something in the middle of a sentence.",
            column=located.column,
            end_column=located.column + len(located.command.text),
        )


RULE = model.Rule(
    id="procedure/command-in-prose",
    severity=model.Severity.INFO,
    summary="A command that changes something, inside a line of prose.",
    why="It is copied with a quote or a full stop too many, and it is overlooked by whoever goes "
    "from block to block.",
    fix="Give it a block of its own below the sentence.",
    example=model.Example(
        bad='- Suspended: `kubectl patch cronjob/sorter -p \'{"spec":{"suspend":false}}\'`\n',
        good="- Suspended:\n  ```bash\n  kubectl patch cronjob/sorter -p "
        '\'{"spec":{"suspend":false}}\'\n  ```\n',
    ),
    check=check,
)
