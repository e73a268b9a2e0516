"""A search that finds itself."""

from __future__ import annotations

from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import model, sentences

FAULT = lazy.pattern(
    r"""\bps\b[^|]*\|\s*grep\s+(?!-v)(?:-\w+\s+)*(?!['"]?\[)(?P<name>[^|]+?)\s*(?:\|\s*wc\s+-l|\s-c\b)"""
)
UNLESS = lazy.pattern(r"""grep\s+-v\s+grep""")


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """`ps | grep x | wc -l`."""
    for sentence in sentences.every(subject, "ps"):
        found = FAULT.search(sentence.words)
        if found and not UNLESS.search(sentence.words):
            yield sentences.hit(
                sentence, "The search itself is in the list, so there is always one more than runs."
            )


RULE = model.Rule(
    id="meaning/own-process-counted",
    severity=model.Severity.INFO,
    summary="A search that finds itself.",
    why="The check says that one process runs when none does.",
    fix="Use `pgrep -c NAME`.",
    example=model.Example(
        bad="```bash\nps aux | grep sorter | wc -l\n```\n",
        good="```bash\npgrep -c sorter\n```\n",
    ),
    check=check,
)
