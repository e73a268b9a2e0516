"""`mysql -p NAME`: the name is a database, not the password."""

from __future__ import annotations

from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import facts, hits, model

CLIENTS = frozenset({"mysql", "mysqldump", "mysqladmin", "mariadb", "mariadb-dump", "mysqlcheck"})
SPACED = lazy.pattern(r"\s-p\s+(?P<next>[^\s<>|;&-][^\s<>|;&]*)")


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """A MySQL client whose `-p` is followed by a space and a word."""
    for found in facts.found(subject):
        if found.command.tool not in CLIENTS:
            continue
        spaced = SPACED.search(" ".join(facts.words(found.command)))
        if not spaced:
            continue
        piped = any("exec" in outer.path for outer in found.outer) and not any(
            facts.has_flag(outer, "-t", "--tty", "-it", "-ti") for outer in found.outer
        )
        yield hits.of_command(
            found,
            f"`-p {spaced['next']}` asks for a password and takes `{spaced['next']}` as the "
            "database" + (", and without a terminal nobody can answer." if piped else "."),
            fix="Leave the password to `--defaults-extra-file` or `MYSQL_PWD`; `-p` and the "
            "password would have to be one word.",
            severity=model.Severity.ERROR if piped else None,
        )


RULE = model.Rule(
    id="command/password-flag-space",
    severity=model.Severity.INFO,
    summary="A MySQL client's `-p` with a space behind it.",
    why="The client stops to ask for a password; unattended it fails, or reads the first line of "
    "the dump as the password.",
    fix="Use `--defaults-extra-file` or the environment of the container.",
    example=model.Example(
        bad="```bash\nkubectl exec desk-0 -- mysqldump -u desk -p tickets > tickets.sql\n```\n",
        good="```bash\nkubectl exec desk-0 -- sh -c "
        "'MYSQL_PWD=$DESK_PASSWORD mysqldump -u desk tickets' > tickets.sql\n```\n",
    ),
    check=check,
    doubt="At a keyboard, `-p database` is a sound way to be asked for the password.",
)
