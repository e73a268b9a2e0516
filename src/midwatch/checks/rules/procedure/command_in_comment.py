"""The real command, commented out."""

from __future__ import annotations

from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import facts, model

COMMAND = lazy.pattern(
    r"^#+\s*(?P<command>(?:(?:kubectl|oc|docker(?:-compose)?|nc|curl|psql|mysql|redis-cli|aws|helm|"
    r"ssh|systemctl|dig|nslookup|ping|telnet|cqlsh|mongosh|etcdctl|jq|terraform|ansible\S*)\s+"
    r"(?:-|[a-z]).*)|(?:SHOW|SELECT|DESCRIBE|EXPLAIN)\s+[A-Z].*;)\s*$"
)
PROMPT = lazy.pattern(r"(?:\$|[\w\[\]().:@~-]+[$#>]) \S")
PROSE = lazy.pattern(r"\b(?:is|are|the|will|would|to|if|when|uses|should|and|must|can)\b")
OPENS = lazy.pattern(
    r"\bexec\b.*\s-\w*[it]|\brsh\b|\bssh\b|\bdbshell\b|-client\b|\bpsql\b|\bmysql\b"
)


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """A comment that is a command, below a command that opens a session for it."""
    for block in facts.shell_blocks(subject):
        lines = [(number, line.strip()) for number, line in facts.block_lines(subject, block)]
        if any(PROMPT.match(line) for _, line in lines):
            continue
        opened = False
        for number, line in lines:
            written = COMMAND.match(line)
            if opened and written and not PROSE.search(written["command"]):
                yield hit(subject, number, written["command"])
            elif line and not line.startswith("#"):
                opened = bool(OPENS.search(line))


def hit(subject: model.Subject, number: int, command: str) -> model.Hit:
    """What is told of a command that is meant for a session and stands in a comment."""
    column = facts.column_of(subject.line(number), command)
    return model.Hit(
        number,
        f"`{command}` is meant for the session above, and nothing types it there.",
        column=column,
        end_column=column + len(command),
    )


RULE = model.Rule(
    id="procedure/command-in-comment",
    severity=model.Severity.INFO,
    summary="A command that stands in a comment.",
    why="Pasting the block does everything but the one command that mattered.",
    fix="Give it to the session as an argument: `kubectl exec POD -- nc -zv db 5432`, "
    '`psql -c "SELECT …"`.',
    example=model.Example(
        bad="```bash\nkubectl exec -it sorter-0 -- sh\n# nc -zv parcels-db 5432\n```\n",
        good="```bash\nkubectl exec sorter-0 -- nc -zv parcels-db 5432\n```\n",
    ),
    check=check,
)
