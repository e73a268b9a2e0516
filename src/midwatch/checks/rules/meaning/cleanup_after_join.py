"""A node added to a ring, and the old nodes keep what is no longer theirs."""

from __future__ import annotations

from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import model, sentences

ADDS = lazy.pattern(
    r"\bscale\s+(?:statefulset|sts)[ /]\S*(?:scylla|cassandra|ring)\S*\s.*--replicas"
)
REPAIRS = lazy.pattern(r"\bnodetool\b.*\brepair\b")


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """A ring of Cassandra or Scylla scaled up, repaired and not cleaned up."""
    for block, lines in sentences.blocks(subject, "nodetool"):
        adds = [s for s in lines if ADDS.search(s.words)]
        repairs = [s for s in lines if REPAIRS.search(s.words)]
        if adds and repairs and "cleanup" not in block.text:
            yield model.Hit(
                adds[0].line,
                "After a node has joined, the old nodes need `nodetool cleanup`; a repair on one "
                "of "
                "them is not what is missing.",
                column=adds[0].column,
                end_line=repairs[-1].end_line,
            )


RULE = model.Rule(
    id="meaning/cleanup-after-join",
    severity=model.Severity.INFO,
    summary="A node added to a ring, without a clean-up of the others.",
    why="The old nodes keep the data that moved: disks stay full, and deleted rows may come back.",
    fix="Wait until `nodetool status` says UN, then run `nodetool cleanup` on each old node.",
    example=model.Example(
        bad="```bash\nkubectl scale statefulset cassandra --replicas=4\n"
        "kubectl exec cassandra-0 -- nodetool repair\n```\n",
        good="```bash\nkubectl scale statefulset cassandra --replicas=4\n"
        "for n in 0 1 2; do kubectl exec cassandra-$n -- nodetool cleanup; done\n```\n",
    ),
    check=check,
)
