"""Errors that go past the search."""

from __future__ import annotations

from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import model, sentences

FAULT = lazy.pattern(r"\b(?:docker|podman)\s+logs\b[^|]*(?<!2>&1)\s*\|\s*grep\b")
UNLESS = lazy.pattern(r"""2>&1|\|&""")


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """`docker logs x | grep` without `2>&1`."""
    for sentence in sentences.every(subject, "logs"):
        found = FAULT.search(sentence.words)
        if found and not UNLESS.search(sentence.words):
            yield sentences.hit(
                sentence,
                "`docker logs` keeps standard error apart, and only standard output is searched.",
            )


RULE = model.Rule(
    id="meaning/stderr-not-searched",
    severity=model.Severity.INFO,
    summary="Errors that go past the search.",
    why="Most programs log errors to standard error: they fly by unfiltered, or are missing from "
    "the count.",
    fix="Write `docker logs NAME 2>&1 | grep …`.",
    example=model.Example(
        bad="```bash\ndocker logs sorter | grep -i jam\n```\n",
        good="```bash\ndocker logs sorter 2>&1 | grep -i jam\n```\n",
    ),
    check=check,
)
