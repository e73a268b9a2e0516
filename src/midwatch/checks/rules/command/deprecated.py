"""A tool or flag that still works here and there, and is on its way out."""

from __future__ import annotations

from collections.abc import Iterator

from midwatch.checks import facts, hits, model

TOOLS = {
    "docker-compose": (
        "docker-compose v1 has had no fixes since July 2023 and is gone from new machines",
        "docker compose",
    ),
    "mongo": ("the `mongo` shell is gone since MongoDB 6.0", "mongosh"),
    "ntpdate": ("ntpdate is retired", "chronyc makestep"),
    "apt-key": ("apt-key is gone from Debian 12 and Ubuntu 24.04", "signed-by= and a keyring"),
}
KINDS = {"componentstatuses": "1.19", "componentstatus": "1.19", "cs": "1.19"}
"""Kinds that Kubernetes keeps for old habits, and since when it warns."""
FLAGS = (
    ("kubectl", ("autoscale",), "--cpu-percent", "--cpu=70%"),
    ("kubectl", (), "--record", "kubernetes.io/change-cause"),
)


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """The first use of a tool on its way out, and every use of such a flag or kind."""
    told: set[str] = set()
    for found in facts.found(subject):
        tool = written(found)
        if tool in TOOLS and tool not in told:
            told.add(tool)
            reason, instead = TOOLS[tool]
            yield hits.of_command(
                found, f"{reason[0].upper()}{reason[1:]}.", fix=f"Write `{instead}`."
            )
        kind = (*found.command.operands, "")[0] if found.command.path == ("get",) else ""
        if found.command.tool in {"kubectl", "oc"} and kind in KINDS:
            yield hits.of_command(
                found,
                f"`{kind}` is deprecated since Kubernetes {KINDS[kind]}, and may be wrong.",
                fix="Ask the API server itself: `kubectl get --raw='/readyz?verbose'`.",
            )
        for name, path, flag, instead in FLAGS:
            command = found.command
            if command.tool == name and command.path[: len(path)] == path and flag in command.flags:
                yield hits.of_command(
                    found,
                    f"`{flag}` of `{name}` is deprecated.",
                    part=flag,
                    fix=f"Write `{instead}`.",
                )


def written(found: facts.Found) -> str:
    """The tool's name as the document writes it."""
    words = found.command.words
    return words[0].text.rsplit("/", 1)[-1] if words else ""


RULE = model.Rule(
    id="command/deprecated",
    severity=model.Severity.INFO,
    summary="A tool or flag that is on its way out.",
    why="It is missing on the next machine, and that is found out in an emergency.",
    fix="Write what replaced it.",
    example=model.Example(
        bad="```bash\ndocker-compose restart web\n```\n",
        good="```bash\ndocker compose restart web\n```\n",
    ),
    check=check,
    doubt="A machine may have an alias of the old name.",
)
