"""A live change that Git takes back."""

from __future__ import annotations

import re
from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import facts, hits, model

GITOPS = lazy.pattern(
    r"\bGitOps\b|\bArgo ?CD\b|\bargocd\b|\bFlux ?CD\b|\bflux (?:get|reconcile)\b", re.IGNORECASE
)
LIVE = {("patch",), ("edit",), ("set", "image"), ("set", "env"), ("rollout", "undo")}


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """`kubectl patch` and its kind where the document says that Git rules."""
    live = [f for f in facts.found(subject, "kubectl") if f.command.path in LIVE]
    if not live or not GITOPS.search(subject.text):
        return
    for found in live:
        if facts.changes_world(found.command):
            text = facts.text_of(subject, found.procedure)
            if not re.search(r"\bsuspend|\bgit (?:revert|commit|push)\b", text):
                yield hits.of_command(
                    found,
                    "This changes the cluster and not Git, from where the next deployment takes it "
                    "back.",
                )


RULE = model.Rule(
    id="meaning/gitops-drift",
    severity=model.Severity.INFO,
    summary="A live change that Git takes back.",
    why="The fix is gone after the next sync, mostly when nobody looks any more.",
    fix="Change the manifest in Git, or pause the sync and say when to go on.",
    example=model.Example(
        bad="Everything is GitOps.\n\n```bash\nkubectl patch deployment desk -p "
        "'{\"spec\":{}}'\n```\n",
        good="Everything is GitOps.\n\n```bash\ngit revert --no-edit HEAD\ngit push\n```\n",
    ),
    check=check,
)
