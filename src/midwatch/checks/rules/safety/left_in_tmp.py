"""A backup unpacked into /tmp and left there."""

from __future__ import annotations

import re
from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import model, sentences

FETCHES = lazy.pattern(
    r"\b(?:aws\s+s3\s+(?:sync|cp)|gsutil\s+(?:cp|rsync)|rclone\s+(?:copy|sync)|scp|mc\s+cp|tar\s+-?x\w*)\s.*(?P<place>/tmp/\S+)"
)
GONE = lazy.pattern(r"\brm\s[^\n]*/tmp|\bmktemp\b|\btrap\b[^\n]*rm|\bshred\b|umask")
MATTERS = lazy.pattern(r"backup|recover|restore|secret|dump", re.IGNORECASE)


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """A download of a backup to a fixed place below /tmp."""
    for block, lines in sentences.blocks(subject, "tmp"):
        if GONE.search(block.text):
            continue
        for sentence in lines:
            fetches = FETCHES.search(sentence.words)
            if fetches and MATTERS.search(f"{sentence.words} {block.text[:200]}"):
                yield sentences.hit(
                    sentence,
                    f"`{fetches['place']}` is open to every user of the machine, keeps what an "
                    "earlier "
                    "run left, and is never removed.",
                )
                break


RULE = model.Rule(
    id="safety/left-in-tmp",
    severity=model.Severity.INFO,
    summary="A backup unpacked into /tmp and left there.",
    why="Everybody on the machine can read it, and the next recovery mixes two backups.",
    fix="Use `DIR=$(mktemp -d)` with `trap 'rm -rf \"$DIR\"' EXIT`.",
    example=model.Example(
        bad="```bash\naws s3 sync s3://desk-vault/backup/ /tmp/restore/\n```\n",
        good='```bash\nDIR=$(mktemp -d)\naws s3 sync s3://desk-vault/backup/ "$DIR"\n'
        'rm -rf "$DIR"\n```\n',
    ),
    check=check,
)
