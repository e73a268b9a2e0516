"""Volumes removed because nothing runs on them at the moment."""

from __future__ import annotations

import re
from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import facts, hits, model
from midwatch.commands import model as commands

AGAINST = lazy.pattern(r"\bdangerous\b|\bavoid\b|\bdo not\b|\bdon't\b|\bnever\b", re.IGNORECASE)


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """`docker volume prune`, `system prune --volumes`, `compose down -v`."""
    for found in facts.found(subject):
        command = found.command
        if command.tool not in {"docker", "podman", "docker-compose"}:
            continue
        volumes = command.path == ("volume", "prune")
        system = command.path == ("system", "prune")
        down = command.path[-1:] == ("down",) and facts.has_flag(command, "-v", "--volumes")
        if volumes or down or (system and facts.has_flag(command, "--volumes")):
            yield hits.of_command(
                found,
                f"`{hits.short(command.text, 40)}` {removes(command)}",
                severity=model.Severity.INFO if against(found) else None,
            )
        elif system:
            yield hits.of_command(
                found,
                "Everything that is stopped at this moment goes: containers to look at, networks, "
                "images to go back to.",
                severity=model.Severity.INFO,
            )


def against(found: facts.Found) -> bool:
    """Whether the section lists what not to do."""
    return any(map(AGAINST.search, found.procedure.heading_path))


def removes(command: commands.Command) -> str:
    """What goes; since Docker 23, `volume prune` spares the volumes that have a name."""
    if command.path[-1:] == ("down",):
        return "removes the data with the containers."
    if command.tool == "docker" and not facts.has_flag(command, "-a", "--all"):
        return (
            "removes the volumes that no container uses just now: those without a name, and "
            "before Docker 23 all of them."
        )
    return "removes the data of every service that has no container just now."


RULE = model.Rule(
    id="safety/volumes-pruned",
    severity=model.Severity.WARNING,
    summary="Volumes removed because nothing runs on them at the moment.",
    why="A database that was stopped for maintenance loses its data to the weekly clean-up.",
    fix="Look first (`docker volume ls -f dangling=true`) and remove by name; prune with "
    "`--filter label=…`.",
    example=model.Example(
        bad="```bash\ndocker volume prune -f\n```\n",
        good="```bash\ndocker volume ls -f dangling=true\ndocker image prune -f\n```\n",
    ),
    check=check,
)
