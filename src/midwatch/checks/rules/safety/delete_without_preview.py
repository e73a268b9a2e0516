"""Files removed by a pattern, and nobody saw which."""

from __future__ import annotations

from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import model, sentences

DELETES = lazy.pattern(
    r"\bfind\s[^|;&]*\s-(?:delete\b|exec\s+rm\b)|\bfind\s[^;&]*\|\s*xargs\s+(?:-\S+\s+)*rm\b"
)
SHOWS = lazy.pattern(r"\bfind\s(?:(?!-delete|-exec).)*$|-print\b|\bls\b|--dry-run")
NAME = lazy.pattern(r"\bfind\s+(?P<where>\S+)")


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """`find … -delete` without the same `find` before it."""
    for block, lines in sentences.blocks(subject, "find"):
        if block.role == "script":
            continue
        for at, sentence in enumerate(lines):
            deletes = DELETES.search(sentence.words)
            if not deletes:
                continue
            before = [s for s in lines[:at] if SHOWS.search(s.words) and "find" in s.words]
            if not before:
                where = NAME.search(sentence.words)
                place = where["where"] if where else "there"
                yield sentences.hit(
                    sentence,
                    f"What it removes from `{place}` is not shown before, and not kept.",
                )


RULE = model.Rule(
    id="safety/delete-without-preview",
    severity=model.Severity.INFO,
    summary="Files removed by a pattern, and nobody saw which.",
    why="One file more than meant is gone from the live data, and nothing says which it was.",
    fix="Run it with `-print` first, and move instead of deleting where there is room.",
    example=model.Example(
        bad="```bash\nfind /data/scans -name '*.old' -mtime +30 -delete\n```\n",
        good="```bash\nfind /data/scans -name '*.old' -mtime +30 -print\n"
        "find /data/scans -name '*.old' -mtime +30 -delete\n```\n",
    ),
    check=check,
)
