"""A database server started past the script that prepares it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import facts, manifests, model

SERVERS = {
    "postgres": lazy.pattern(r"^\s*(?:exec\s+)?postgres(?:\s|$)"),
    "mysql": lazy.pattern(r"^\s*(?:exec\s+)?mysqld(?:\s|$)"),
    "mariadb": lazy.pattern(r"^\s*(?:exec\s+)?(?:mysqld|mariadbd)(?:\s|$)"),
}
OFFICIAL = lazy.pattern(r"^(?:docker\.io/)?(?:library/)?(?P<name>postgres|mysql|mariadb)(?=[:@]|$)")
SHELLS = frozenset({"bash", "sh", "/bin/bash", "/bin/sh"})


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """An official database image whose `command` is a shell that starts the server itself."""
    for manifest in manifests.read(subject):
        user = any("runAsUser" in table for table in manifests.tables(manifest.data))
        for container in manifests.containers(manifest.data):
            official = OFFICIAL.match(str(container.get("image", "")))
            script = shell_script(container.get("command"))
            if user or official is None or script is None:
                continue
            server = SERVERS[official["name"]]
            lines = [line for line in script.splitlines() if server.match(line)]
            if lines:
                pattern = rf"^\s*{re.escape(lines[0].strip())}\s*$"
                line = facts.line_of(subject, pattern, manifest.line, manifest.end_line)
                yield model.Hit(
                    line,
                    f"`{lines[0].strip()}` runs as root here: `command` replaces the image's "
                    "entrypoint, which would have changed the user.",
                )


def shell_script(command: object) -> str | None:
    """The script of a command such as `["bash", "-c", "…"]`."""
    if isinstance(command, list) and len(command) > 1 and command[0] in SHELLS:
        return str(command[-1])
    return None


RULE = model.Rule(
    id="manifest/entrypoint-bypassed",
    severity=model.Severity.ERROR,
    summary="An official database image whose `command` starts the server as root.",
    why="The server refuses to run as root, so the pod crash-loops; and what the entrypoint would "
    "have prepared (users, passwords, permissions) is missing.",
    fix="Call the image's own entrypoint at the end, such as `exec docker-entrypoint.sh postgres`.",
    example=model.Example(
        bad="```yaml\nkind: Pod\nmetadata: {name: db}\nspec:\n  containers:\n  - name: db\n"
        "    image: postgres:16\n    command:\n    - bash\n    - -c\n    - |\n"
        "      prepare\n      postgres\n```\n",
        good="```yaml\nkind: Pod\nmetadata: {name: db}\nspec:\n  containers:\n  - name: db\n"
        "    image: postgres:16\n    command:\n    - bash\n    - -c\n    - |\n"
        "      prepare\n      exec docker-entrypoint.sh postgres\n```\n",
    ),
    check=check,
)
