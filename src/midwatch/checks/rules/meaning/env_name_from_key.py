"""`kubectl set env --from` names the variables after the keys of the secret."""

from __future__ import annotations

import re
from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import facts, hits, model

KEYS = lazy.pattern(r"--from-literal=[\"']?(?P<key>[\w.-]+)=")


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """A secret whose key becomes a variable that nothing reads."""
    made: dict[str, list[str]] = {}
    for found in facts.found(subject, "kubectl"):
        command = found.command
        if command.path[:2] == ("create", "secret") and command.operands:
            made[command.operands[-1]] = KEYS.findall(command.text)
        if command.path != ("set", "env") or facts.has_flag(command, "--prefix", "--keys"):
            continue
        source = facts.flag(command, "--from") or ""
        for key in made.get(source.partition("/")[2], ()):
            name = re.sub(r"[^A-Z0-9]", "_", key.upper())
            if key != name and not re.search(rf"\b{name}\b", subject.text):
                longer = re.search(rf"\b[A-Z][A-Z0-9]*_{name}\b", subject.text)
                reads = f", and the document reads `{longer.group()}`" if longer else ""
                yield hits.of_command(
                    found,
                    f"The key `{key}` becomes the variable `{name}`{reads}.",
                    fix=f"Add `--prefix={longer.group().removesuffix(name)}`." if longer else "",
                )


RULE = model.Rule(
    id="meaning/env-name-from-key",
    severity=model.Severity.WARNING,
    summary="A variable named after a secret's key, which nothing reads.",
    why="The rollout succeeds and the program still uses the old credentials, until those are "
    "deleted.",
    fix="Give the key the variable's name, or use `--prefix=`.",
    example=model.Example(
        bad="```bash\nkubectl create secret generic desk-db --from-literal=host=db2\n"
        "kubectl set env deployment/desk --from=secret/desk-db\nkubectl exec deploy/desk -- "
        "sh -c 'echo $DESK_HOST'\n```\n",
        good="```bash\nkubectl create secret generic desk-db --from-literal=host=db2\n"
        "kubectl set env deployment/desk --from=secret/desk-db --prefix=DESK_\n```\n",
    ),
    check=check,
)
