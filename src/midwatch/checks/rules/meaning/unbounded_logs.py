"""A search through all logs there ever were."""

from __future__ import annotations

from collections.abc import Iterator

from midwatch.checks import facts, hits, model

BOUNDS = ("--since", "--tail", "-n", "--until", "-f", "--follow")


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """`docker compose logs x | grep` without `--since` or `--tail`."""
    for found in facts.found(subject):
        command = found.command
        compose = command.tool in {"docker-compose", "docker"} and command.path[-1:] == ("logs",)
        if not compose or facts.has_flag(command, *BOUNDS):
            continue
        after = subject.line(found.line)[found.column - 1 + len(command.text) :]
        if after.lstrip().startswith("|"):
            yield hits.of_command(
                found, "This reads the whole history, and old errors count as new."
            )


RULE = model.Rule(
    id="meaning/unbounded-logs",
    severity=model.Severity.INFO,
    summary="A search through all logs there ever were.",
    why="It takes minutes under load, and shows last month's errors as if they were now.",
    fix="Add `--since=1h`, or `--tail=1000`.",
    example=model.Example(
        bad="```bash\ndocker compose logs desk | grep failed\n```\n",
        good="```bash\ndocker compose logs --since=1h desk | grep failed\n```\n",
    ),
    check=check,
)
