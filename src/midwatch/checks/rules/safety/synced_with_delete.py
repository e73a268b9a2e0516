"""A copy that deletes, without a trial."""

from __future__ import annotations

from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import model, sentences

FAULT = lazy.pattern(
    r"^(?:sudo\s+)?rsync\b(?=[^|;&]*\s--delete\b)(?![^|;&]*\s(?:-\w*n\w*|--dry-run)\b)"
    r"|\b(?:aws\s+s3\s+sync|gsutil\s+(?:-m\s+)?rsync)\b"
    r"(?=[^|;&]*\s(?:--delete|-d)\b)(?![^|;&]*\s(?:--dryrun|--dry-run|-n)\b)"
)


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """`rsync --delete` and its kind without a trial first."""
    for sentence in sentences.every(subject, "sync"):
        found = FAULT.search(sentence.words)
        if found:
            yield sentences.hit(
                sentence,
                "Files that are missing in the source are deleted in the target, all of them "
                "when the source is not mounted.",
            )


RULE = model.Rule(
    id="safety/synced-with-delete",
    severity=model.Severity.INFO,
    summary="A copy that deletes, without a trial.",
    why="With source and target swapped, or an empty source, the good copy is emptied.",
    fix="Run it with `-n` first, and bound it with `--max-delete=100`.",
    example=model.Example(
        bad="```bash\nrsync -a --delete /srv/parcels/ vault:/parcels/\n```\n",
        good="```bash\nrsync -a --dry-run --delete /srv/parcels/ vault:/parcels/\n```\n",
    ),
    check=check,
)
