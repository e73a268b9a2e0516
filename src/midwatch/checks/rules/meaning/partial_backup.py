"""A snapshot of one node of a cluster that has several."""

from __future__ import annotations

from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import model, sentences

SNAPSHOT = lazy.pattern(r"\b(?P<pod>[a-z][\w-]*-0)\b.*\bnodetool\b.*\bsnapshot\b")
LOOPS = lazy.pattern(r"\bfor\s+(?:pod|node|host|i|n)\b|\bxargs\b|\bget\s+pods?\b")


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """`nodetool snapshot` on pod 0 alone."""
    for block, lines in sentences.blocks(subject, "nodetool"):
        if LOOPS.search(block.text):
            continue
        for sentence in lines:
            snapshot = SNAPSHOT.search(sentence.words)
            if snapshot:
                yield sentences.hit(
                    sentence,
                    f"This saves what `{snapshot['pod']}` holds, on its own disk; the other nodes' "
                    "data are in no backup.",
                )


RULE = model.Rule(
    id="meaning/partial-backup",
    severity=model.Severity.WARNING,
    summary="A snapshot of one node of a cluster that has several.",
    why="Each node holds a part of the data. A restore from one node's snapshot loses the rest, "
    "and "
    "the snapshot is lost with the node.",
    fix="Loop over all pods, and copy the snapshots off the nodes.",
    example=model.Example(
        bad="```bash\nkubectl exec ring-0 -- nodetool snapshot parcels\n```\n",
        good="```bash\nfor pod in $(kubectl get pods -l app=ring -o name); do\n"
        "  kubectl exec $pod -- nodetool snapshot parcels\ndone\n```\n",
    ),
    check=check,
)
