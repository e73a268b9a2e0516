"""A console opened in a container without a terminal: it ends at once."""

from __future__ import annotations

from collections.abc import Iterator

from midwatch.checks import facts, hits, model
from midwatch.commands import model as commands

CONSOLES = frozenset({"bash", "sh", "psql", "mysql", "redis-cli", "cqlsh", "mongosh", "mongo"})


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """`kubectl exec POD -- psql` without `-it`, and without anything that feeds it."""
    for found in facts.found(subject):
        outer = found.outer[-1] if found.outer else None
        if outer is None or outer.tool not in {"kubectl", "oc", "docker"}:
            continue
        if outer.path[-1:] != ("exec",) or not opens(found.command):
            continue
        if facts.has_flag(outer, "-i", "-t", "--stdin", "--tty", "-it", "-ti"):
            continue
        yield hits.of_command(
            found,
            f"`{hits.short(found.command.text, 40)}` wants to be typed to, and without `-it` it "
            "ends at once.",
        )


def opens(command: commands.Command) -> bool:
    """Whether a command is a console with nothing to do."""
    if commands.Trait.INTERACTIVE not in command.traits or command.inside:
        return False
    dbshell = command.path in {("manage.py", "dbshell"), ("manage.py", "shell")}
    return dbshell or (
        command.tool in CONSOLES
        and not {"-c", "-e", "-f"} & set(command.flags)
        and not (command.tool in {"bash", "sh", "redis-cli"} and command.operands)
        and "-p" not in command.flags
    )


RULE = model.Rule(
    id="shell/no-terminal",
    severity=model.Severity.ERROR,
    summary="A console in a container, without a terminal.",
    why="It reads an empty input and ends: the step looks as if it had run, and nothing was looked "
    "at.",
    fix="Give it the command (`psql -c …`), or open it with `-it` where a person is to type.",
    example=model.Example(
        bad="```bash\nkubectl exec deploy/desk -- python manage.py dbshell\n```\n",
        good='```bash\nkubectl exec deploy/desk-db -- psql -c "SELECT count(*) FROM visits"\n```\n',
    ),
    check=check,
)
