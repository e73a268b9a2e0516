"""A secret as a word of a command."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from midwatch.base import lazy
from midwatch.checks import facts, hits, model
from midwatch.commands import model as commands

WORDS = r"(?:pass(?:word|wd)?|secret|token|api[_-]?key|key|url|dsn|credential)"
LITERAL = lazy.pattern(
    rf"--from-literal[= ][\"']?[\w.-]*{WORDS}[\w.-]*=[\"']?(?P<value>[^\s\"'$<]\S*)", re.IGNORECASE
)
ADDRESS = lazy.pattern(r"\b\w+(?:\+\w+)?://[^\s:/@\"']+:(?P<value>[^\s@/\"']+)@")
ASSIGNS = lazy.pattern(
    r"\s\w*(?:KEY|TOKEN|PASSWORD|SECRET)=[\"']?(?P<value>[^\s\"'$<]\S*)", re.IGNORECASE
)
MYSQL = frozenset({"mysql", "mysqldump", "mysqladmin", "mariadb"})
GLUED = lazy.pattern(r"\s-p[\"']?[^\s\"'<|-][^\s]*")
FLAGS = ("--password", "--pass", "--secret-content-content", "--token", "--secret-string")
HEADER = lazy.pattern(
    r"(?:Authorization|X-[\w-]*(?:Key|Token)|PRIVATE-TOKEN)\s*:\s*\S*\s*\$", re.IGNORECASE
)
URL = lazy.pattern(
    r"\$\{?(?P<name>(?:\w+_)?(?:DATABASE|DB|POSTGRES\w*|MYSQL\w*|REDIS|MONGO\w*)_(?:URL|URI|DSN))\b"
)
CLIENTS = frozenset(
    {"psql", "pg_dump", "pg_restore", "mysql", "mongosh", "mongodump", "migrate", "redis-cli"}
)
GIVEN = {
    "ipmitool": ("-P",),
    "sshpass": ("-p",),
    "redis-cli": ("-a", "--pass"),
    "ldapsearch": ("-w",),
    "ldapadd": ("-w",),
    "ldapmodify": ("-w",),
    "ldapdelete": ("-w",),
    "ldappasswd": ("-w", "-s"),
}
"""The flags of each tool that take a password."""
PLACED: Mapping[tuple[str, ...], int] = {
    ("rabbitmqctl", "add_user"): 1,
    ("rabbitmqctl", "change_password"): 1,
    ("rabbitmqctl", "authenticate_user"): 1,
}
"""Sub-commands that take a password as an operand, and as which."""
INSIDE = lazy.pattern(
    r"\bPASSWORD\s+'(?P<sql>[^'<$:]+)'|\bIDENTIFIED\s+(?:WITH\s+\S+\s+)?BY\s+'(?P<by>[^'<$:]+)'"
    r"|(?<=[\s,])(?:password|passwd|pass)=(?P<option>[^\s,\"'<$][^\s,]*)"
    r"|(?:\s-u|--user)[\s=]+[\"']?[\w.@-]+:(?P<user>[^\s\"'<$]+)",
    re.IGNORECASE,
)
"""A password in SQL, among mount options, or behind a user's name."""
STORED = lazy.pattern(
    r"--type[= ]SecureString|--name[= ]\S*(?:pass|secret|token|key|credential)", re.IGNORECASE
)
"""A parameter that is a secret by its type or its name."""
STANDS_FOR_ONE = lazy.pattern(
    r"^(?:admin|root|user|test|guest|demo)$|pass(?:word|wd)?$|^secret|change_?me|^your|example",
    re.IGNORECASE,
)
"""What only stands for a password in the text."""
SPOKEN_TO = frozenset({"psql", "mysql", "mariadb", "mount", "curl", "wget", "sqlcmd", "cqlsh"})
EMPTY = lazy.pattern(r"^value$|^[<{\[]|^x+$|^\*+$|^\.+$")


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """A password, a token or an address with one, where `ps` and the history show it."""
    for found in facts.found(subject):
        told = what(found)
        if told:
            yield hits.of_command(found, told[0], severity=told[1])


def what(found: facts.Found) -> tuple[str, model.Severity | None] | None:
    """What secret is an argument here, and how sure that is."""
    command = found.command
    if command.tool in {None, "echo", "printf", "export", "[", "grep"} or command.inside:
        return None
    text = command.text
    literal = LITERAL.search(text)
    sets = ASSIGNS.search(text) if command.path == ("set", "env") else None
    if any(each and not EMPTY.match(each["value"]) for each in (literal, sets)):
        return "A secret is typed as a word of the command.", None
    if command.tool in MYSQL and GLUED.search(text):
        return "The password is a word of the command.", model.Severity.INFO
    given = typed(command)
    if given:
        shown = all(map(STANDS_FOR_ONE.search, given))
        severity = model.Severity.INFO if shown else None
        return "A password or token is typed as a word of the command.", severity
    address = ADDRESS.search(text)
    if address and not EMPTY.match(address["value"]):
        return "The address carries the password as a word of the command.", None
    for name in FLAGS:
        value = (facts.flag(command, name) or "").strip("\"'")
        if value and not value.startswith(("-", "<", "file:", "@")):
            return f"`{name}` carries a secret as a word of the command.", None
    if command.tool in {"curl", "wget", "http"} and HEADER.search(text):
        return "The key is a word of the command.", model.Severity.INFO
    url = URL.search(text)
    if url and command.tool in CLIENTS:
        return (
            f"`${url['name']}` carries its password as a word of the command.",
            model.Severity.INFO,
        )
    return None


def typed(command: commands.Command) -> list[str]:
    """The passwords that stand where this tool takes one."""
    tool = str(command.tool)
    values = [facts.flag(command, name) or "" for name in GIVEN.get(tool, ())]
    at = PLACED.get((tool, *command.path))
    if at is not None and at < len(command.operands):
        values.append(command.operands[at])
    inside = INSIDE.search(command.text) if tool in SPOKEN_TO else None
    values += [value for value in inside.groups() if value] if inside else []
    if tool == "aws" and "put-parameter" in command.text and STORED.search(command.text):
        values.append(facts.flag(command, "--value") or "")
    plain = [value.strip("\"'") for value in values]
    return [
        value for value in plain if value and value[0] not in "-$<{[(" and not EMPTY.match(value)
    ]


RULE = model.Rule(
    id="safety/secret-in-arguments",
    severity=model.Severity.WARNING,
    summary="A secret as a word of a command.",
    why="It stands in the shell's history, in the process list of the machine and in the audit "
    "log.",
    fix="Hand it over in a file, on standard input (`--from-file=key=/dev/stdin`, `curl -H "
    "@file`) or "
    "in the environment (`PGPASSWORD`, `--env-file`).",
    example=model.Example(
        bad="```bash\nkubectl create secret generic desk "
        "--from-literal=password=NEW_PASSWORD\n```\n",
        good="```bash\nkubectl create secret generic desk --from-file=password=/dev/stdin\n```\n",
    ),
    check=check,
)
