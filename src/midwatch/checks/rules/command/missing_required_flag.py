"""A command without a flag that it cannot do without."""

from __future__ import annotations

from collections.abc import Iterator

from midwatch.checks import facts, hits, known, model
from midwatch.commands import model as commands

HELP = ("-h", "--help", "--version", "-v", "-V")


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """A command that its tool refuses because a required flag is not given."""
    for found in facts.found(subject):
        for flag in missing(found.command):
            name = " ".join((str(found.command.tool), *found.command.path))
            yield hits.of_command(
                found,
                f"`{name}` cannot run without `{flag}`.",
                fix=f"Give `{flag}` and its value.",
            )


def missing(command: commands.Command) -> Iterator[str]:
    """The required flags that are not given; `a|b` asks for one of several."""
    entry = known.entry(command)
    if entry is None or not entry.required or known.open_ended(command):
        return
    if not command.flags and not command.operands:
        return
    if facts.has_flag(command, *HELP):
        return
    for required in entry.required:
        names = [name for flag in required.split("|") for name in (flag, flag[1:3])]
        if not facts.has_flag(command, *names):
            yield required.partition("|")[0]


RULE = model.Rule(
    id="command/missing-required-flag",
    severity=model.Severity.ERROR,
    summary="A command without a flag that it cannot do without.",
    why="The tool prints its usage and does nothing, and the procedure stops half-way.",
    fix="Give the flag and its value.",
    example=model.Example(
        bad="```bash\nkafka-topics.sh --list\n```\n",
        good="```bash\nkafka-topics.sh --list --bootstrap-server localhost:9092\n```\n",
    ),
    check=check,
)
