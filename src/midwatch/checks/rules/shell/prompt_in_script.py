"""A question asked in a script that nobody watches."""

from __future__ import annotations

from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import facts, hits, model
from midwatch.commands import model as commands
from midwatch.runbook import model as runbooks

ANSWERED = lazy.pattern(
    r"\bPGPASSWORD\b|\.pgpass\b|PGPASSFILE|\bPGSERVICE\b|passwordless|trust auth"
)
CLIENTS = frozenset({"pg_dump", "pg_dumpall", "pg_restore", "pg_basebackup"})
ASKERS = frozenset({"certbot", "apt-get", "apt", "yum", "dnf", "fsck", "parted", "mysql_upgrade"})
YES = ("-y", "--yes", "--assume-yes", "-n", "--non-interactive", "--noninteractive", "-q", "-qq")


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """A command in a script that stops to ask: a password, an address, a yes."""
    for found in facts.found(subject):
        if found.step.kind is not runbooks.Kind.SCRIPT:
            continue
        command = found.command
        asks = command.tool in ASKERS and commands.Trait.INTERACTIVE in command.traits
        if asks and not facts.has_flag(command, *YES):
            yield hits.of_command(
                found,
                f"`{hits.short(command.text, 40)}` may stop to ask, and this is a script.",
                fix="Tell it not to ask (`-n --agree-tos`, `-y`) and test how it ended.",
            )
        elif (
            command.tool in CLIENTS
            and not ANSWERED.search(found.step.text)
            and facts.has_flag(command, "-U", "--username")
        ):
            yield hits.of_command(
                found,
                f"`{command.tool}` asks for a password here, unless a file or `PGPASSWORD` gives "
                "it.",
                fix="Set `PGPASSWORD` or a `.pgpass`, and add `-w` so that it never asks.",
                severity=model.Severity.INFO,
            )


RULE = model.Rule(
    id="shell/prompt-in-script",
    severity=model.Severity.WARNING,
    summary="A question asked in a script that nobody watches.",
    why="From cron it waits for ever or fails; what follows goes on with the old certificate or an "
    "empty dump.",
    fix="Use the tool's non-interactive flag, and give it what it would ask for.",
    example=model.Example(
        bad="```bash\n#!/bin/bash\n# renew.sh\ncertbot certonly --webroot -w /srv -d desk.test\n"
        "```\n",
        good="```bash\n#!/bin/bash\n# renew.sh\nset -e\ncertbot certonly -n --agree-tos --webroot "
        "-w /srv -d desk.test\n```\n",
    ),
    check=check,
)
