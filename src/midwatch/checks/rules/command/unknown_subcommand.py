"""A sub-command that the tool does not have."""

from __future__ import annotations

import dataclasses
import difflib
import re
from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import command_tables, facts, gone, hits, known, model
from midwatch.commands import model as commands

PLUGINS = lazy.pattern(r"\bkrew\b|\bplugins?\b", re.IGNORECASE)
FIRST = frozenset(
    {
        "alembic",
        "apt-get",
        "certbot",
        "consul",
        "crictl",
        "eksctl",
        "etcdctl",
        "hostnamectl",
        "kubeadm",
        "kustomize",
        "loginctl",
        "minikube",
        "nodetool",
        "nomad",
        "rabbitmqctl",
        "restic",
        "supervisorctl",
        "systemctl",
        "timedatectl",
        "velero",
    }
)  # fmt: skip
"""Tools of which every first sub-command is known, and not every one below it."""
GROUPS = frozenset(
    {
        *(("kubectl", group) for group in ("rollout", "config", "auth", "certificate", "top")),
        *(("oc", group) for group in ("rollout", "config", "auth")),
        *(("docker", group) for group in ("volume", "network", "image", "container", "system")),
        *(("helm", group) for group in ("repo", "get", "show")),
    }
)
"""Sub-commands of which every sub-command of their own is known."""
EXTENDED = frozenset({"kubectl", "docker", "helm"})
"""Tools that run programs of their own name as sub-commands, where such are installed."""


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """A word where the tool, all of whose sub-commands are known, expects one of them."""
    plugins: bool | None = None
    for found in facts.found(subject):
        command = found.command
        if is_gone(command):
            continue
        table = command_tables.of(command.tool or "")
        word = unknown(command)
        if word is None and table is not None:
            listed = table.unknown_word(command)
            if listed is not None:
                yield of_table(found, table, *listed)
        if word is None or (table is not None and table.has((*command.path, word))):
            continue
        if plugins is None:
            plugins = bool(PLUGINS.search(subject.text))
        if plugins and found.command.tool in EXTENDED:
            continue
        yield hit(found, word)


def unknown(command: commands.Command) -> str | None:
    """The word that should be a sub-command and is none."""
    tool, entry = known.tool(command), known.entry(command)
    if tool is None or entry is None or not command.operands:
        return None
    whole = (tool.name, *command.path) in GROUPS
    if not whole and not tool.complete_commands and (tool.name not in FIRST or command.path):
        return None
    if command.effect is not commands.Effect.UNKNOWN or (
        command.path and entry.known and not whole
    ):
        return None
    word = command.operands[0]
    if word in entry.children or not entry.children or not known.PLAIN.fullmatch(word):
        return None
    return word


def is_gone(command: commands.Command) -> bool:
    """Whether another rule says already that the sub-command is no more."""
    return any(use.gone.command and not use.gone.flags for use in gone.uses(command))


def of_table(
    found: facts.Found, table: command_tables.Table, group: tuple[str, ...], word: str
) -> model.Hit:
    """What is told of a word behind a group of which every sub-command is listed."""
    name = " ".join((str(found.command.tool), *group))
    near = difflib.get_close_matches(word, table.members(group), n=1, cutoff=0.75)
    fix = f"Did you mean `{name} {near[0]}`?" if near else ""
    made = hits.of_command(
        found,
        f"`{name}` has no sub-command `{word}`.",
        part=word,
        fix=fix,
        severity=model.Severity.WARNING,
    )
    return dataclasses.replace(made, claim=model.Claim(str(found.command.tool), group, word))


def hit(found: facts.Found, word: str) -> model.Hit:
    """What is told of it, with the nearest sub-command there is."""
    entry = known.entry(found.command)
    name = " ".join((str(found.command.tool), *found.command.path))
    near = difflib.get_close_matches(word, entry.children if entry else (), n=1, cutoff=0.75)
    fix = f"Did you mean `{name} {near[0]}`?" if near else ""
    made = hits.of_command(found, f"`{name}` has no sub-command `{word}`.", part=word, fix=fix)
    claim = model.Claim(str(found.command.tool), found.command.path, word)
    return dataclasses.replace(made, claim=claim)


RULE = model.Rule(
    id="command/unknown-subcommand",
    severity=model.Severity.ERROR,
    summary="A sub-command that the tool does not have.",
    why="The step fails, and whatever the steps before it took away stays away.",
    fix="Look the sub-command up with `--help`, and try the step once.",
    example=model.Example(
        bad="```bash\nkubectl move configmap lanes lanes-old\n```\n",
        good="```bash\nkubectl get configmap lanes -o yaml > lanes.yaml\n```\n",
    ),
    check=check,
    doubt="A plugin that Midwatch does not know looks the same; name plugins in the document.",
)
