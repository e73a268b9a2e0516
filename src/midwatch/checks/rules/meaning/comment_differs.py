"""A comment that says one thing above a command that does another."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from midwatch.base import lazy, shape
from midwatch.checks import facts, model, sentences


@shape.frozen
class Contradiction:
    """What is said, what stands below it, and why the two do not go together."""

    says: re.Pattern[str]
    does: re.Pattern[str]
    unless: re.Pattern[str]
    message: str


def _pair(says: str, does: str, unless: str, message: str) -> Contradiction:
    flags = re.IGNORECASE | re.DOTALL
    return Contradiction(
        lazy.pattern(says, flags), lazy.pattern(does, flags), lazy.pattern(unless, flags), message
    )


PAIRS = (
    _pair(
        r"\btime-?outs?\b",
        r"\bALTER\s+(?:KEYSPACE|TABLE|SYSTEM|DATABASE)\b",
        r"time-?out",
        "The comment speaks of a timeout, and the statement changes something else.",
    ),
    _pair(
        r"\bind(?:ex|ices|exes)\b.*\b(?:usage|use|used|unused)\b|\bunused ind",
        r"\bFROM\s+pg_stats\b",
        r"pg_stat_user_indexes|pg_stat_all_indexes",
        "`pg_stats` holds statistics about columns; the use of indexes is in "
        "`pg_stat_user_indexes`.",
    ),
    _pair(
        r"\b(?:latest|newest|last|most recent) (?:job|pod|run)\b",
        r"\blogs\b.*\s(?:-l|--selector)\b",
        r"sort-by|tail -1|head -1|\[-1|items\[0",
        "The comment says one, and the selector takes all of them.",
    ),
    _pair(
        r"\baccess logs?\b",
        r"\blogs?\b.*\blevel\b.*\b(?:WARN|ERROR)\b",
        r"INFO|access",
        "Requests are logged as INFO; this shows warnings and errors of the application.",
    ),
    _pair(
        r"\b(?:create|make|take) (?:a )?(?:back-?up|dump|snapshot)\b",
        r"\b(?:pg_restore|psql\b.*<\s*\S+\.sql|mysql\b.*<\s*\S+\.sql)",
        r"dump\b.*>",
        "The comment says a backup is made, and the command reads one in.",
    ),
    _pair(
        r"^\W*(?:\d+[.)]\s*)?(?:stop|shut down|turn off)\b",
        r"\b(?:kubectl|oc)\b.*\bdelete\s+(?:pods?|po)\b",
        r"--replicas[= ]0",
        "The comment says stop, and deleting a pod stops nothing: its controller starts another.",
    ),
    _pair(
        r"\b(?:stop|disable|turn off)\b",
        r"\bsystemctl\s+(?:start|enable|restart)\b",
        r"\b(?:start|enable)\b.*\bagain\b|\bsystemctl\s+(?:stop|disable)\b|restart",
        "The comment says stop, and the command starts.",
    ),
)
NEAR = 3
"""Lines above a block in which the words stand that lead to it."""
SQL = lazy.pattern(r"^\s*--\s*(?P<says>.+)$")


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """A comment and a command below it that do not go together."""
    for sentence in sentences.every(subject):
        title = sentence.comment or before(subject, sentence.line)
        yield from judged(title, sentence.text, sentence.line, sentence.end_line)
    for block in subject.runbook.blocks:
        if block.language == "sql":
            lines = facts.block_lines(subject, block)
            yield from statements(lines, before(subject, lines[0][0]) if lines else "")


def before(subject: model.Subject, line: int) -> str:
    """The words that lead to the block, where the block begins here."""
    if not subject.line(line - 1).lstrip().startswith(("```", "~~~")):
        return ""
    above = (subject.line(line - back) for back in range(2, 2 + NEAR))
    return next((text for text in above if text.strip()), "")


def statements(lines: Sequence[tuple[int, str]], leads: str) -> Iterator[model.Hit]:
    """The same for SQL, whose comments begin with two dashes."""
    says, first, text = leads, lines[0][0] if lines else 0, ""
    for number, line in [*lines, (0, "-- end")]:
        comment = SQL.match(line)
        if comment:
            if says and text.strip():
                yield from judged(says, text, first, max(first, number - 1))
            says, first, text = comment["says"], number, ""
        else:
            text += f"{line}\n"


def judged(says: str, does: str, line: int, end: int) -> Iterator[model.Hit]:
    """What is told of a pair that contradicts itself."""
    for pair in PAIRS if says else ():
        if pair.says.search(says) and pair.does.search(does) and not pair.unless.search(does):
            yield model.Hit(line, pair.message, end_line=end)


RULE = model.Rule(
    id="meaning/comment-differs",
    severity=model.Severity.WARNING,
    summary="A comment that says one thing above a command that does another.",
    why="People act on the comment: they change, or trust, something that was never meant.",
    fix="Make the two say the same, and try the command once.",
    example=model.Example(
        bad="```sql\n-- Unused indexes\nSELECT tablename, attname FROM pg_stats;\n```\n",
        good="```sql\n-- Unused indexes\nSELECT indexrelname, idx_scan FROM pg_stat_user_indexes;\n"
        "```\n",
    ),
    check=check,
)
