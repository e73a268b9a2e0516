"""A container that waits for a password nobody can type."""

from __future__ import annotations

from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import manifests, model

PROMPT = lazy.pattern(
    r"\b(?:pg_basebackup|pg_dump|pg_dumpall|psql|pg_restore)\b[^|;&\n]*\s(?:-\w*W\b|--password\b)"
    r"|\bmysql(?:dump)?\b[^|;&\n]*\s(?:-p|--password)(?=\s|$)"
)


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """A database client in a manifest that is told to ask for a password."""
    for manifest in manifests.read(subject):
        if not any(manifests.containers(manifest.data)):
            continue
        for number in range(manifest.line, manifest.end_line + 1):
            asked = PROMPT.search(subject.line(number))
            if asked is not None:
                flag = asked[0].split()[-1]
                yield model.Hit(
                    number,
                    f"`{flag}` asks for a password, and a container has no terminal to answer on.",
                    column=asked.start() + 1,
                    end_column=asked.end() + 1,
                )


RULE = model.Rule(
    id="manifest/prompt-in-container",
    severity=model.Severity.ERROR,
    summary="A container's command that asks for a password.",
    why="The client fails or hangs, so the job or the replica never gets going.",
    fix="Leave the flag out and give the password in the environment (`PGPASSWORD`, "
    "`MYSQL_PWD`) from a Secret.",
    example=model.Example(
        bad="```yaml\nkind: Pod\nmetadata: {name: standby}\nspec:\n  containers:\n"
        "  - name: db\n    image: postgres:16\n"
        '    command: ["bash", "-c", "pg_basebackup -h db-0 -D /data -W"]\n```\n',
        good="```yaml\nkind: Pod\nmetadata: {name: standby}\nspec:\n  containers:\n"
        "  - name: db\n    image: postgres:16\n"
        '    command: ["bash", "-c", "pg_basebackup -h db-0 -D /data"]\n'
        "    env: [{name: PGPASSWORD, valueFrom: {secretKeyRef: {name: db, key: "
        "password}}}]\n```\n",
    ),
    check=check,
)
