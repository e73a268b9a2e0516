"""Objects saved with `get -o yaml` and applied again as they are."""

from __future__ import annotations

import re
from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import facts, hits, model

SAVES = lazy.pattern(
    r"kubectl\s+(?:-n\s+\S+\s+)?get\s+[^|>\n]*-o\s*=?\s*(?:yaml|json)[^|>\n]*>\s*[\"']?(?P<file>\S+?)[\"']?\s*$",
    re.MULTILINE,
)


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """`kubectl apply -f` of a file that `kubectl get … -o yaml` wrote."""
    saved = {match["file"].rsplit("/", 1)[-1] for match in SAVES.finditer(subject.text)}
    if not saved:
        return
    for found in facts.found(subject, "kubectl"):
        path = (facts.flag(found.command, "-f", "--filename") or "").strip("\"'")
        if found.command.path == ("apply",) and path.rsplit("/", 1)[-1] in saved:
            yield hits.of_command(
                found,
                f"`{path}` was saved from the cluster and still carries its uids, versions and "
                "what "
                "the cluster made itself.",
            )


RULE = model.Rule(
    id="meaning/apply-exported",
    severity=model.Severity.WARNING,
    summary="Objects saved from a cluster and applied again as they are.",
    why="In a new cluster the apply conflicts, or puts old service-account tokens and root "
    "certificates over the new ones.",
    fix="Restore from the manifests in Git, or strip the objects first "
    "(`kubectl neat`, `yq 'del(.metadata.uid, .metadata.resourceVersion)'`), and use a real "
    "backup.",
    example=model.Example(
        bad="```bash\nkubectl get configmaps -o yaml > lanes.yaml\nkubectl apply -f lanes.yaml\n"
        "```\n",
        good="```bash\nkubectl apply -k overlays/parcels\n```\n",
    ),
    check=check,
)
