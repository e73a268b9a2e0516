"""A sub-command, a flag or a tool that is gone, or that never was under this name."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

from midwatch.checks import facts, gone, hits, known, model


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """A command or flag that tools of today no longer have."""
    for found in facts.found(subject):
        command = found.command
        entry = known.entry(command)
        if entry is not None and entry.removed:
            name = " ".join((str(command.tool), *command.path))
            yield hits.of_command(found, f"`{name}` does not work: {entry.removed}.")
            continue
        for use in gone.uses(command):
            if use.gone.state is gone.State.REMOVED and not other(subject, use.gone):
                yield told(found, use)


def other(subject: model.Subject, what: gone.Gone) -> bool:
    """Whether the document says that it is about a relative that still has it."""
    return bool(what.unless) and what.unless in subject.text.lower()


def told(found: facts.Found, use: gone.Use) -> model.Hit:
    """What is told of it, with what may stand in its place."""
    what = use.gone.what or f"`{use.part}`"
    if use.gone.command and not use.gone.what:
        name = " ".join((str(found.command.tool), *use.gone.command))
        what = f"`{use.part}` of `{name}`" if use.gone.flags else f"`{name}`"
    made = hits.of_command(
        found,
        f"{what} is gone since {use.gone.since}.",
        part=use.part,
        fix=f"Use {use.gone.instead}.",
        severity=use.gone.severity,
    )
    return dataclasses.replace(made, replacement=replacement(made, use))


def replacement(made: model.Hit, use: gone.Use) -> model.Replacement | None:
    """The new name in place of the old one, where it means the same."""
    exact = made.end_line == made.line and made.end_column - made.column == len(use.part)
    if not use.gone.new or not exact:
        return None
    return model.Replacement(made.line, made.column, made.line, made.end_column, use.gone.new)


RULE = model.Rule(
    id="command/removed",
    severity=model.Severity.ERROR,
    summary="A sub-command, a flag or a tool that is gone.",
    why="It worked when the page was written, and fails on the machine of whoever is called.",
    fix="Write what replaced it.",
    example=model.Example(
        bad="```bash\nkubectl drain node-3 --delete-local-data\n```\n",
        good="```bash\nkubectl drain node-3 --delete-emptydir-data\n```\n",
    ),
    check=check,
    doubt="A machine that still carries the old release runs it.",
)
