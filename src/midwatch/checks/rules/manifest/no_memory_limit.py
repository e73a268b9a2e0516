"""A workload without a memory limit, in a document that knows memory runs out."""

from __future__ import annotations

import re
from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import facts, manifests, model

WORKLOADS = frozenset({"Deployment", "StatefulSet", "DaemonSet"})
MEMORY = lazy.pattern(r"\bmemory\b|\boom", re.IGNORECASE)


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """A container without a memory limit, where a procedure of the document is about memory."""
    about = [p for p in subject.runbook.procedures if MEMORY.search(" ".join(p.heading_path))]
    if not about:
        return
    for manifest in manifests.read(subject):
        if manifest.kind not in WORKLOADS:
            continue
        for container in manifests.containers(manifest.data):
            if manifests.at(container, "resources", "limits", "memory") is None:
                name = str(container.get("name", ""))
                pattern = rf"name:\s*[\"']?{re.escape(name)}[\"']?\s*$"
                line = facts.line_of(subject, pattern, manifest.line, manifest.end_line)
                yield model.Hit(
                    line,
                    f"The container `{name}` has no memory limit, and “{about[0].title}” "
                    f"(line {about[0].line}) is about memory running out.",
                )


RULE = model.Rule(
    id="manifest/no-memory-limit",
    severity=model.Severity.INFO,
    summary="A container without a memory limit, in a document about memory running out.",
    why="Without a limit the node runs out instead of the container, and it takes its neighbours "
    "with it.",
    fix="Set `resources.limits.memory`, and `requests.memory` to what it needs.",
    example=model.Example(
        bad="## Sorter out of memory\n\n```bash\nkubectl top pods\n```\n\n```yaml\n"
        "kind: Deployment\nmetadata: {name: sorter}\nspec:\n  template:\n    spec:\n"
        "      containers:\n      - name: sorter\n```\n",
        good="## Sorter out of memory\n\n```bash\nkubectl top pods\n```\n\n```yaml\n"
        "kind: Deployment\nmetadata: {name: sorter}\nspec:\n  template:\n    spec:\n"
        "      containers:\n      - name: sorter\n"
        "        resources: {limits: {memory: 1Gi}}\n```\n",
    ),
    check=check,
)
