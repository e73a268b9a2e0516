"""A flag that the sub-command does not have."""

from __future__ import annotations

import dataclasses
import difflib
from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import command_tables, facts, gone, hits, known, model
from midwatch.commands import model as commands

LIKE, SLIP = 0.8, 0.9
RISKY = frozenset({"--all", "--force", "--prune", "--purge", "--delete", "--now", "--clean"})
"""Flags that nobody should be led to."""
FLAG = lazy.pattern(r"--?[A-Za-z][\w-]*")


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """A flag where all flags of the sub-command are known, and this is none of them."""
    for found in facts.found(subject):
        gone_already = {use.part for use in gone.uses(found.command)}
        for flag in unknown(found.command):
            if flag not in gone_already:
                yield hit(found, flag)


def unknown(command: commands.Command) -> tuple[str, ...]:
    """The flags given that do not exist."""
    entry, table = known.entry(command), command_tables.of(command.tool or "")
    place = table.place(command) if table is not None else None
    judged = entry is not None and entry.complete_flags
    tool = known.tool(command)
    shortened = tool is None or tool.abbreviations
    if not judged and (table is None or place is None):
        return ()
    return tuple(
        flag
        for flag in command.flags
        if FLAG.fullmatch(flag)
        and not (judged and entry is not None and flag in entry.kinds)
        and (table is None or place is None or table.lacks(flag, place, shortened=shortened))
    )


def hit(found: facts.Found, flag: str) -> model.Hit:
    """What is told of it: for sure where it is a slip, or belongs to another sub-command."""
    command = found.command
    entry, table = known.entry(command), command_tables.of(command.tool or "")
    place = (table.place(command) if table is not None else None) or ()
    flags = table.flags(place) if table is not None else frozenset()
    curated = entry is not None and entry.complete_flags
    every = flags or frozenset(entry.kinds if entry is not None else ())
    near = next(iter(difflib.get_close_matches(flag, every, n=1, cutoff=LIKE)), "")
    sure = bool(near) or (table is not None and table.elsewhere(flag))
    name = " ".join((str(command.tool), *(place or command.path)))
    made = hits.of_command(
        found,
        f"`{name}` has no flag `{flag}`.",
        part=flag,
        fix=f"Did you mean `{near}`?" if near else "",
        severity=None if sure or (curated and table is None) else model.Severity.WARNING,
    )
    claim = model.Claim(str(command.tool), place or command.path, flag)
    return dataclasses.replace(made, replacement=slip(command, made, flag, near), claim=claim)


def slip(
    command: commands.Command, made: model.Hit, flag: str, near: str
) -> model.Replacement | None:
    """The right flag, where one letter is wrong and nothing can be lost by it."""
    exact = made.end_line == made.line and made.end_column - made.column == len(flag)
    alike = difflib.SequenceMatcher(None, flag, near).ratio() >= SLIP
    if (
        not near
        or not exact
        or not alike
        or near in RISKY
        or command.effect is commands.Effect.DESTROY
    ):
        return None
    return model.Replacement(made.line, made.column, made.line, made.end_column, near)


RULE = model.Rule(
    id="command/unknown-flag",
    severity=model.Severity.ERROR,
    summary="A flag that the command does not have.",
    why="The tool refuses the whole command, mostly when it is needed at once.",
    fix="Look the flag up with `--help`, and try the step once.",
    example=model.Example(
        bad="```bash\nkubectl rollout restart statefulset --all -n parcels\n```\n",
        good="```bash\nkubectl rollout restart statefulset/sorter -n parcels\n```\n",
    ),
    check=check,
    doubt="A release newer than Midwatch's tables may have the flag: one that looks like no other "
    "is told as `warning`.",
)
