"""A value that must be base64 and is plain text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import facts, hits, model
from midwatch.commands import model as commands

BASE64 = lazy.pattern(r"^[A-Za-z0-9+/]{8,}={0,2}$")
DATA = lazy.pattern(r"[\"']data[\"']\s*:\s*\{\s*\"[\w.-]+\"\s*:\s*\"(?P<value>[^\"$<]+)\"")


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """A command named after base64, or a secret's `data`, given something else."""
    for found in facts.found(subject):
        command = found.command
        value = None
        if command.tool == "oci" and any("base64" in word for word in command.path):
            value = facts.flag(command, "--secret-content-content")
        elif patches_secret(command):
            data = DATA.search(command.text)
            value = data["value"] if data else None
        plain = (value or "").strip("\"'")
        if plain and not plain.startswith(("$", "`", "<")) and not encoded(plain):
            yield hits.of_command(
                found, f"The value must be base64, and `{hits.short(plain, 24)}` is plain text."
            )


def patches_secret(command: commands.Command) -> bool:
    """Whether a command patches a secret."""
    first = command.operands[0] if command.operands else ""
    return (
        command.tool == "kubectl"
        and command.path == ("patch",)
        and bool(re.match(r"secrets?(?:/|$)", first))
    )


def encoded(value: str) -> bool:
    """Whether a text may be base64."""
    return bool(BASE64.match(value)) and len(value) % 4 == 0 and not value.isupper()


RULE = model.Rule(
    id="meaning/not-base64",
    severity=model.Severity.ERROR,
    summary="A value that must be base64 and is plain text.",
    why="It is refused, or decoded into rubbish: the programs that read it cannot log in any more.",
    fix='Encode it: `"$(printf %s "$NEW" | base64 -w0)"`; for a secret, use `stringData`.',
    example=model.Example(
        bad='```bash\nkubectl patch secret desk-db -p \'{"data":{"password":"new password"}}\'\n'
        "```\n",
        good="```bash\nkubectl patch secret desk-db -p "
        '\'{"stringData":{"password":"new password"}}\'\n```\n',
    ),
    check=check,
)
