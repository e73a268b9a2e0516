"""A flag that the sub-command does not have."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import facts, hits, known, model
from midwatch.commands import model as commands

FLAG = lazy.pattern(r"--?[A-Za-z][\w-]*")


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """A flag where all flags of the sub-command are known, and this is none of them."""
    for found in facts.found(subject):
        for flag in unknown(found.command):
            yield hit(found, flag)


def unknown(command: commands.Command) -> tuple[str, ...]:
    """The flags given that do not exist."""
    entry = known.entry(command)
    if entry is None or not entry.complete_flags:
        return ()
    return tuple(flag for flag in command.flags if flag not in entry.kinds and FLAG.fullmatch(flag))


def hit(found: facts.Found, flag: str) -> model.Hit:
    """What is told of it, with the nearest flag there is."""
    entry = known.entry(found.command)
    name = " ".join((str(found.command.tool), *found.command.path))
    near = difflib.get_close_matches(flag, entry.kinds if entry else (), n=1, cutoff=0.8)
    fix = f"Did you mean `{near[0]}`?" if near else ""
    return hits.of_command(found, f"`{name}` has no flag `{flag}`.", fix=fix)


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
    doubt="A release newer than Midwatch's knowledge may have the flag.",
)
