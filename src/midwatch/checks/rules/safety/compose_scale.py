"""`up --scale` of one service sets all others back to what the file says."""

from __future__ import annotations

from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import facts, hits, model

SCALED = lazy.pattern(r"(?P<service>[\w.-]+)=(?P<count>\d+)")


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """`docker compose up -d --scale a=3` without the other scales and without `--no-recreate`."""
    scales = [
        (found, scaled)
        for found in facts.found(subject)
        if found.command.tool in {"docker-compose", "docker"} and found.command.path[-1:] == ("up",)
        for value in [facts.flag(found.command, "--scale")]
        if value and (scaled := SCALED.fullmatch(value.strip("\"'")))
    ]
    services = {scaled["service"] for _, scaled in scales}
    for found, scaled in scales:
        others = sorted(services - {scaled["service"]})
        words = [word for word in found.command.operands if word == scaled["service"]]
        if words or facts.has_flag(found.command, "--no-deps"):
            continue
        also = f" `{others[0]}` goes back to what the file says, and" if others else ""
        yield hits.of_command(
            found,
            f"`up` is for all services:{also} whatever changed in the file is recreated as well.",
            severity=None if others else model.Severity.INFO,
        )


RULE = model.Rule(
    id="safety/compose-scale",
    severity=model.Severity.WARNING,
    summary="`up --scale` of one service sets all others back.",
    why="The second scaling takes the first one back in the middle of the load, and recreates what "
    "somebody edited in the file.",
    fix="Give all scales in one command and name the service: `docker compose up -d --no-recreate "
    "--scale worker=5 worker`; better, write `deploy.replicas` into the file.",
    example=model.Example(
        bad="```bash\ndocker compose up -d --scale desk=3\ndocker compose up -d --scale sorter=5\n"
        "```\n",
        good="```bash\ndocker compose up -d --no-deps --scale sorter=5 sorter\n```\n",
    ),
    check=check,
)
