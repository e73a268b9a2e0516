"""What CQL statements do, told by their first words: CQL has no expressions that write."""

from __future__ import annotations

import re

from midwatch.base import lazy
from midwatch.commands import judging, vocabulary, words

COMMENT = lazy.pattern(r"--[^\n]*|//[^\n]*|/\*.*?\*/", re.DOTALL)
STRING = lazy.pattern(r"'(?:[^']|'')*'|\$\$.*?\$\$|\"(?:[^\"]|\"\")*\"", re.DOTALL)
READS = vocabulary.of(
    """
    SELECT USE DESCRIBE DESC SHOW LIST CONSISTENCY TRACING PAGING EXPAND HELP EXIT QUIT
    CLEAR CLS SERIAL LOGIN
    """
)
DESTROYS = frozenset({"DELETE", "DROP", "TRUNCATE"})
CHANGES = vocabulary.of(
    """
    INSERT UPDATE ALTER CREATE GRANT REVOKE BATCH BEGIN APPLY ADD COPY CAPTURE
    """
)
DELETING = lazy.pattern(r"\bDELETE\b", re.IGNORECASE)
FROM_FILE = lazy.pattern(r"\s*COPY\b.*\bTO\b", re.IGNORECASE | re.DOTALL)


def verdict(text: str) -> judging.Verdict:
    """What CQL statements do; what is not known is unknown."""
    plain = STRING.sub("''", COMMENT.sub(" ", text))
    parts = [_statement(each) for each in plain.split(";") if each.strip()]
    return judging.worst(parts) if parts else judging.unknown("there is no statement in it")


def _statement(statement: str) -> judging.Verdict:
    first = statement.split(maxsplit=1)[0].upper()
    if words.HOLE in first:
        return judging.unknown("what it runs is only known when it runs")
    if first in DESTROYS or (first in {"BEGIN", "BATCH"} and DELETING.search(statement)):
        return judging.destroy(f"{first} loses data")
    if FROM_FILE.match(statement):
        return judging.change("COPY TO writes a file", judging.LOCAL)
    if first in CHANGES:
        return judging.change(f"{first} changes the database")
    if first in READS:
        return judging.read(f"{first} only looks")
    return judging.unknown(f"{first} is no statement that Midwatch knows")
