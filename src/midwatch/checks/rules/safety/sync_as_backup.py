"""A copy that follows every mistake of the original."""

from __future__ import annotations

from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import model, sentences

SYNC = lazy.pattern(
    r"\baws\s+s3\s+sync\s+(?P<of>s3://\S+)\s+(?P<to>s3://\S*(?:backup|bak|copy|archive)\S*)"
)
DATED = lazy.pattern(r"\$|\d{4}|<")


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """`aws s3 sync bucket backup-bucket`, always to the same place."""
    for sentence in sentences.every(subject, "sync"):
        sync = SYNC.search(sentence.words)
        if sync and not DATED.search(sync["to"]) and "versioning" not in subject.text.lower():
            yield sentences.hit(
                sentence,
                f"`{sync['to']}` is overwritten by each run: what was spoilt in the original is "
                "spoilt "
                "in the copy.",
            )


RULE = model.Rule(
    id="safety/sync-as-backup",
    severity=model.Severity.INFO,
    summary="A copy that follows every mistake of the original.",
    why="The damage is noticed after the next sync, when no good copy is left.",
    fix="Turn on versioning for the copy, or write to a dated prefix, in another account.",
    example=model.Example(
        bad="```bash\naws s3 sync s3://parcels s3://parcels-backup\n```\n",
        good="```bash\naws s3 sync s3://parcels s3://parcels-backup/$(date +%F)/\n```\n",
    ),
    check=check,
)
