"""A command that would have to run somewhere else."""

from __future__ import annotations

import re
from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import facts, hits, model, sentences

CLIENTS = {
    "redis-cli": ("-h", "-u", "-s", "--cluster"),
    "nodetool": ("-h", "--host"),
    "rabbitmqctl": ("-n", "--node"),
    "clickhouse-client": ("-h", "--host"),
    "mongosh": ("--host",),
    "psql": ("-h", "--host"),
}
LOG = lazy.pattern(
    r"^\s*(?:sudo\s+)?(?:grep|tail|less|cat|zgrep|awk)\b.*\s(?P<path>(?:/var/log/\S+|logs?/\S+\.log))"
)
SERVER = lazy.pattern(
    r"^(?:on|at) (?:the )?(?:\w+ )?(?:server|host|node|machine|box)\b", re.IGNORECASE
)
CONTAINED = lazy.pattern(r"\b(?:kubectl|docker-compose|docker compose|docker)\b[^\n]*\slogs\b")
HOSTS = lazy.pattern(r"\bssh\s|\bjournalctl\b|\bsystemctl\b")


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """A client or a log file used here, while the system runs in containers."""
    inside = {found.command.tool for found in facts.found(subject) if found.outer}
    for found in facts.found(subject):
        tool = str(found.command.tool)
        flags = CLIENTS.get(tool)
        if found.outer or flags is None or not found.step.fence_line:
            continue
        if facts.has_flag(found.command, *flags) or "$" in found.command.text or found.step.context:
            continue
        if tool in inside:
            yield hits.of_command(
                found,
                f"`{tool}` asks this machine; elsewhere in this document it runs in a container.",
            )
    yield from files(subject)


def files(subject: model.Subject) -> Iterator[model.Hit]:
    """Log files of this machine, and commands for “the server”."""
    for sentence in sentences.every(subject):
        log = LOG.match(sentence.text)
        if log and in_containers(subject.text):
            yield sentences.hit(
                sentence,
                f"`{log['path']}` is a file of this machine, and the programs here log in "
                "containers.",
            )
        elif SERVER.match(sentence.comment) and not sentence.text.startswith("ssh"):
            yield sentences.hit(
                sentence,
                f"“{sentence.comment}” is only a comment; the command runs where it stands.",
            )


def in_containers(text: str) -> bool:
    """Whether a document reads its logs from containers, and from no machine."""
    machines = HOSTS.search(text.replace("systemctl status", ""))
    return machines is None and CONTAINED.search(text) is not None


RULE = model.Rule(
    id="meaning/wrong-context",
    severity=model.Severity.INFO,
    summary="A command that would have to run somewhere else.",
    why="It answers for the operator's own machine, or finds nothing, and the search goes the "
    "wrong "
    "way.",
    fix="Say where: `kubectl exec POD -- …`, `docker compose exec SERVICE …`, `ssh HOST …`, or "
    "`-h`.",
    example=model.Example(
        bad="```bash\nkubectl exec cache-0 -- redis-cli info\nredis-cli client list\n```\n",
        good="```bash\nkubectl exec cache-0 -- redis-cli info\n"
        "kubectl exec cache-0 -- redis-cli client list\n```\n",
    ),
    check=check,
)
