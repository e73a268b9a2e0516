"""A secret with one key applied over one that may have more."""

from __future__ import annotations

from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import model, sentences

OVER = lazy.pattern(
    r"kubectl\s+(?:-\S+\s+\S+\s+)?create\s+secret\s+generic\s+(?P<name>\S+)\s.*--dry-run.*\|\s*kubectl\s+(?:-\S+\s+\S+\s+)?(?:apply|replace)\b"
)
KEY = lazy.pattern(r"--from-(?:literal|file)[= ]")


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """`create secret … --dry-run=client -o yaml | kubectl apply -f -` with one key."""
    for sentence in sentences.every(subject, "secret"):
        over = OVER.search(sentence.words)
        if over and len(KEY.findall(sentence.words)) == 1:
            yield sentences.hit(
                sentence,
                f"Only this key is left in `{over['name']}`: others that were applied before are "
                "removed.",
            )


RULE = model.Rule(
    id="safety/apply-over-secret",
    severity=model.Severity.INFO,
    summary="A secret with one key applied over one that may have more.",
    why="The other keys are gone, and the programs that need them do not start again.",
    fix='Patch the one key: `kubectl patch secret NAME -p \'{"stringData":{"KEY":"…"}}\'`.',
    example=model.Example(
        bad="```bash\nkubectl create secret generic desk --from-literal=pin=$PIN --dry-run=client "
        "-o yaml | kubectl apply -f -\n```\n",
        good="```bash\nkubectl patch secret desk --patch-file pin.yaml\n```\n",
    ),
    check=check,
)
