"""All secrets written to a file."""

from __future__ import annotations

import re
from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import model, sentences

SAVES = lazy.pattern(
    r"\bkubectl\b.*\bget\s+(?:[\w,]*,)?secrets?(?:,\w+)*\b(?:(?!-o\s*name).)*-o\s*=?\s*(?:yaml|json)\b.*>\s*(?P<file>\S+)"
)
SAFE = lazy.pattern(r"\b(?:gpg|age|sops|kubeseal|openssl\s+enc)\b")
UPLOAD = lazy.pattern(r"^(?:aws\s+s3|gsutil|rclone|scp|rsync|az\s+storage|mc\s+cp|s3cmd)\b")


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """`kubectl get secrets -o yaml > file`, and the upload of it."""
    for _, lines in sentences.blocks(subject, "secret"):
        saved: sentences.Sentence | None = None
        for sentence in lines:
            saves = SAVES.search(sentence.words)
            if saves and not SAFE.search(sentence.text):
                saved = sentence
                yield sentences.hit(
                    sentence,
                    f"`{saves['file']}` holds every secret, readable by whoever reads the file.",
                )
            elif saved and UPLOAD.match(sentence.text) and not re.search(r"--sse", sentence.text):
                yield sentences.hit(
                    sentence, f"This uploads the secrets saved on line {saved.line}, unencrypted."
                )


RULE = model.Rule(
    id="safety/secrets-saved",
    severity=model.Severity.ERROR,
    summary="All secrets written to a file, or uploaded.",
    why="Base64 is no encryption: whoever can read the backup has every password of the system.",
    fix="Encrypt it on the way (`| age -r KEY > secrets.age`), or back up the vault they come "
    "from.",
    example=model.Example(
        bad="```bash\nkubectl get secrets -n parcels -o yaml > secrets.yaml\n```\n",
        good="```bash\nkubectl get secrets -n parcels -o yaml | age -r $KEY > secrets.age\n```\n",
    ),
    check=check,
)
