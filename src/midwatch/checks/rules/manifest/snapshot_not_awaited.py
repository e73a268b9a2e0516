"""A snapshot that is used before anybody knows whether it exists."""

from __future__ import annotations

import re
from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import facts, manifests, model

AWAITED = lazy.pattern(
    r"readyToUse|kubectl\s+(?:wait|get|describe)\s[^\n|]*volumesnapshots?\b|"
    r"(?:wait|get|describe)\s[^\n|]*\bvs/",
    re.IGNORECASE,
)


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """A VolumeSnapshot that the document makes and never looks at."""
    snapshots = [m for m in manifests.read(subject) if m.kind == "VolumeSnapshot"]
    if not snapshots or AWAITED.search(subject.text):
        return
    for manifest in snapshots:
        line = facts.line_of(
            subject, r"^\W*kind:\s*VolumeSnapshot", manifest.line, manifest.end_line
        )
        yield model.Hit(line, "Nothing here looks whether this snapshot becomes ready.")


RULE = model.Rule(
    id="manifest/snapshot-not-awaited",
    severity=model.Severity.WARNING,
    summary="A VolumeSnapshot that nothing waits for.",
    why="Without the snapshot controller and a driver that can, the object is accepted and no "
    "snapshot is ever taken; the restore finds that out.",
    fix="Wait for it: `kubectl wait --for=jsonpath='{.status.readyToUse}'=true "
    "volumesnapshot/NAME --timeout=10m`.",
    example=model.Example(
        bad="```yaml\nkind: VolumeSnapshot\nmetadata: {name: orders}\n```\n",
        good="```bash\nkubectl wait --for=jsonpath='{.status.readyToUse}'=true "
        "volumesnapshot/orders\n```\n",
    ),
    check=check,
)
