"""A file full of secrets on the screen."""

from __future__ import annotations

from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import facts, hits, model
from midwatch.checks.rules.shell import opens_editor

FILE = lazy.pattern(
    r"(?:^|/)\.env(?:\.\w+)?$|secrets?\.(?:ya?ml|json|env|tfvars)$|\.pgpass$|credentials$"
)


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """An editor on a plain file of secrets."""
    for found in facts.found(subject):
        if found.command.tool not in opens_editor.EDITORS:
            continue
        file = next(filter(FILE.search, found.command.operands), None)
        if file and "sealed" not in file:
            yield hits.of_command(
                found, f"`{file}` holds the secrets in plain text, and the editor shows them all."
            )


RULE = model.Rule(
    id="safety/secret-file-opened",
    severity=model.Severity.INFO,
    summary="A plain file of secrets, opened in an editor.",
    why="The screen is shared or recorded, and the editor leaves a swap file beside it.",
    fix="Keep it encrypted and edit it with a tool for that: `sops FILE`, `ansible-vault edit`.",
    example=model.Example(
        bad="```bash\nvim .env.production\n```\n",
        good="```bash\nsops secrets.enc.yaml\n```\n",
    ),
    check=check,
)
