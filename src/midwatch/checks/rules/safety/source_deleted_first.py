"""What a later step reads from is deleted before it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import facts, hits, model
from midwatch.commands import model as commands

NAME = lazy.pattern(r"[A-Za-z][\w.-]{3,}")
GENERIC = frozenset(
    {
        "curl",
        "delete",
        "http",
        "https",
        "localhost",
        "true",
        "false",
        "prod",
        "production",
        "staging",
    }
)
SOURCE = (
    r"(?:--(?:source|from)[\w-]*[=\s]+|[\"']source[\"']\s*:\s*\{{[^}}]*[\"']index[\"']\s*:\s*|\bFROM\s+"
    r"|\bcp\s+(?:-\S+\s+)*|\brsync\s+(?:-\S+\s+)*|<\s*)[\"']?(?:[\w./:-]*/)?{name}(?![\w.-])"
)


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """A destroyed thing that a later command of the procedure takes its data from."""
    before: list[facts.Found] = []
    for found in facts.found(subject):
        if found.outer or found.step.fence_line == 0:
            continue
        before = [f for f in before if f.procedure is found.procedure]
        for earlier in before:
            name = source(earlier.command, found.command)
            if name:
                yield told(earlier, found, name)
        lost = found.command.effect is commands.Effect.DESTROY
        if lost and commands.Trait.LOCAL not in found.command.traits:
            before.append(found)  # a file of one's own may be made anew in between


def source(destroyed: commands.Command, later: commands.Command) -> str:
    """The name of what was destroyed, where the later command reads from it."""
    if not later.tool or later.effect is commands.Effect.READ:
        return ""
    words = [word.rstrip("/*\"'").rpartition("/")[2] for word in facts.words(destroyed)[1:]]
    for word in words:
        plain = NAME.fullmatch(word) and word.lower() not in GENERIC and not word.startswith("-")
        if plain and re.search(SOURCE.format(name=re.escape(word)), later.text, re.IGNORECASE):
            return word
    return ""


def told(earlier: facts.Found, later: facts.Found, name: str) -> model.Hit:
    """What is told of the pair."""
    return model.Hit(
        earlier.line,
        f"`{hits.short(earlier.command.text, 45)}` takes away what line {later.line} reads from: "
        f"`{name}`.",
        column=earlier.column,
        end_line=later.line + later.command.text.count("\n"),
    )


RULE = model.Rule(
    id="safety/source-deleted-first",
    severity=model.Severity.ERROR,
    summary="What a later step reads from is deleted before it.",
    why="The copy, the reindex or the restore finds nothing to read, and what it should have read "
    "is gone.",
    fix="Make the new one from the old one, compare the two, switch over, and delete the old one "
    "last.",
    example=model.Example(
        bad="```bash\ncurl -XDELETE http://search:9200/parcels-1\n"
        "curl -XPOST http://search:9200/_reindex -H 'Content-Type: application/json' "
        '-d \'{"source":{"index":"parcels-1"},"dest":{"index":"parcels-2"}}\'\n```\n',
        good="```bash\ncurl -XPOST http://search:9200/_reindex -H 'Content-Type: application/json' "
        '-d \'{"source":{"index":"parcels-1"},"dest":{"index":"parcels-2"}}\'\n'
        "curl -XDELETE http://search:9200/parcels-1\n```\n",
    ),
    check=check,
)
