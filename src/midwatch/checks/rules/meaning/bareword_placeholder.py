"""A value to be filled in that looks like a real one."""

from __future__ import annotations

from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import facts, model

FLAG = lazy.pattern(
    r"\s(?:-h|--host|-U|-u|--user|--username|-d|--database|-p|--port)[ =](?P<word>host|hostname|"
    r"[a-z]+-host|user|username|database|dbname|port|password|myuser|mydb)(?=\s|$)"
)
PLAIN = lazy.pattern(
    r"^\s*(?:cqlsh|telnet|nc(?: -\w+)*|ssh|mysql|psql)\s+(?P<word>host|hostname"
    r"|server)(?:\s+port)?\s*$"
)
ADDRESS = lazy.pattern(
    r"https?://(?P<word>(?:service|host|hostname|server|domain):(?:port|\d+)|(?:host|hostname|server):port)"
)


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """`-h host -U user`, without anything that marks them as holes."""
    for block in facts.shell_blocks(subject):
        for number, line in facts.block_lines(subject, block):
            if line.lstrip().startswith("#"):
                continue
            word = FLAG.search(line) or PLAIN.search(line) or ADDRESS.search(line)
            if word:
                column = word.start("word") + 1
                yield model.Hit(
                    number,
                    f"`{word['word']}` is to be replaced, and nothing marks it.",
                    column=column,
                    end_column=column + len(word["word"]),
                )


RULE = model.Rule(
    id="meaning/bareword-placeholder",
    severity=model.Severity.INFO,
    summary="A value to be filled in that looks like a real one.",
    why="It is pasted as it stands, and the connection error is taken for the outage.",
    fix="Mark it, `<host>`, or take it from a variable, `$PGHOST`.",
    example=model.Example(
        bad="```bash\npsql -h host -U user -d database\n```\n",
        good='```bash\npsql -h "$PGHOST" -U "$PGUSER" -d desk\n```\n',
    ),
    check=check,
)
