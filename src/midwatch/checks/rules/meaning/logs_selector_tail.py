"""`kubectl logs -l` shows ten lines of each pod, unless told otherwise."""

from __future__ import annotations

from collections.abc import Iterator

from midwatch.checks import facts, hits, model


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """A selector without `--tail`."""
    for found in facts.found(subject):
        command = found.command
        if command.tool not in {"kubectl", "oc"} or command.path[:1] != ("logs",):
            continue
        if not facts.has_flag(command, "-l", "--selector"):
            continue
        if facts.has_flag(command, "--tail", "-f", "--follow"):
            continue
        since = facts.flag(command, "--since", "--since-time")
        yield hits.of_command(
            found,
            "With a selector, only the last 10 lines of each container are read"
            + (f", whatever `--since={since}` says." if since else "."),
        )


RULE = model.Rule(
    id="meaning/logs-selector-tail",
    severity=model.Severity.WARNING,
    summary="`kubectl logs -l` without `--tail` reads ten lines.",
    why="The error that is looked for is on line eleven; the check finds nothing and the search "
    "goes on elsewhere.",
    fix="Add `--tail=-1` for all, or a number, and `--prefix` to see which pod speaks.",
    example=model.Example(
        bad="```bash\nkubectl logs -n parcels -l app=sorter | grep -i jam\n```\n",
        good="```bash\nkubectl logs -n parcels -l app=sorter --tail=-1 | grep -i jam\n```\n",
    ),
    check=check,
)
