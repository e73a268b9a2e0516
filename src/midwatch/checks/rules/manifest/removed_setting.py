"""A setting that a server of today does not start with."""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

from midwatch.base import lazy, shape
from midwatch.checks import facts, model, versions

TABLE = Path(__file__).parents[2] / "tables" / "settings.toml"
COMMENT = lazy.pattern(r"\s*(?:#|--\s|//|;)")


@shape.frozen
class Setting:
    """One setting that servers of a kind dropped."""

    server: str
    since: str
    pattern: re.Pattern[str]
    words: tuple[str, ...]
    """What a text must hold, in lower case, for the pattern to be tried."""
    instead: str


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """A setting in a block; an error where the document names a release without it."""
    lower = subject.text.lower()
    likely = [each for each in settings() if any(word in lower for word in each.words)]
    for block in subject.runbook.blocks if likely else ():
        if block.role == "output":
            continue
        for number, line in facts.block_lines(subject, block):
            for each in likely if not COMMENT.match(line) else ():
                found = each.pattern.search(line)
                if found and versions.concerns(subject, each.server, each.since):
                    yield told(subject, number, each, found)


def told(subject: model.Subject, line: int, gone: Setting, found: re.Match[str]) -> model.Hit:
    """What is told of it at its place."""
    name = found.groupdict().get("name") or found.group()
    start = found.start("name") if "name" in found.groupdict() else found.start()
    start += len(name) - len(name.lstrip())
    version = versions.named(subject, gone.server)
    sure = version is not None and version >= versions.parsed(gone.since)
    return model.Hit(
        line,
        f"`{name.strip()}` is gone since {gone.server} {gone.since}.",
        fix=f"Use {gone.instead}." if gone.instead.startswith("`") else f"Now: {gone.instead}.",
        column=start + 1,
        end_line=line,
        end_column=start + 1 + len(name.strip()),
        severity=None if sure else model.Severity.WARNING,
    )


@functools.cache
def settings() -> tuple[Setting, ...]:
    """The table, read at its first use."""
    table = tomllib.loads(TABLE.read_text(encoding="utf-8"))
    return tuple(setting(each) for each in table["setting"])


def setting(table: dict[str, object]) -> Setting:
    """One entry of the table."""
    listed = table.get("names", ())
    names = [str(each) for each in listed] if isinstance(listed, list) else []
    pattern = str(table.get("pattern", ""))
    if names:
        either = "|".join(map(re.escape, names)).replace("_", "[_-]")
        pattern = rf"(?<![\w.-])(?P<name>{either})(?![\w.-])\s*(?:=|:|\s[\w'\"])"
    words = names or re.findall(r"[A-Za-z-]{3,}", pattern)[:1]
    return Setting(
        server=str(table["server"]),
        since=str(table["since"]),
        pattern=re.compile(pattern),
        words=tuple(form for each in words for form in (each.lower(), each.replace("_", "-"))),
        instead=str(table["instead"]),
    )


RULE = model.Rule(
    id="manifest/removed-setting",
    severity=model.Severity.ERROR,
    summary="A setting that a server of today does not start with.",
    why="After the upgrade the server stops at its start with “unknown variable” or “unrecognized "
    "configuration parameter”, on the night of the restore.",
    fix="Write what replaced it, or take it out.",
    example=model.Example(
        bad="## Standby (PostgreSQL 16)\n\n```ini\nwal_keep_segments = 64\n```\n",
        good="## Standby (PostgreSQL 16)\n\n```ini\nwal_keep_size = 1GB\n```\n",
    ),
    check=check,
    doubt="Where the document names no version of the server it is told as `warning`; where it "
    "names an older one, not at all.",
)
