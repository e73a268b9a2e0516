"""A runbook that belongs to nobody."""

from __future__ import annotations

import re
from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import facts, model

OWNER = lazy.pattern(
    r"\bowner|\bowned by|\bmaintain(?:er|ed by)|\bcontact|\bon-?call|\bescalat|\bteam\b|"
    r"\bauthor|@[a-z][\w-]+|slack|pagerduty|#[a-z]+-[a-z]",
    re.IGNORECASE,
)
ENOUGH = 3


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """A document with several procedures that change something, and no owner, team or contact."""
    book = subject.runbook
    changing = [
        procedure
        for procedure in book.procedures
        if any(facts.changes(step) for step in procedure.steps)
    ]
    known = book.contacts or book.escalation or any(k == "owner" for k, _ in book.front_matter)
    if len(changing) >= ENOUGH and not known and not OWNER.search(subject.text):
        yield model.Hit(1, "Nothing here says who owns this runbook or whom to call.")


RULE = model.Rule(
    id="procedure/no-owner",
    severity=model.Severity.INFO,
    summary="A runbook without owner, team or contact.",
    why="When a step fails there is nobody to ask, and when the system changes nobody corrects the "
    "page.",
    fix="Name the team and how to reach it: a line `Owner: …`, or a section Contacts.",
    example=model.Example(
        bad="## Restart\n\n```bash\nkubectl rollout restart deployment/sorter\n```\n\n"
        "## Scale\n\n```bash\nkubectl scale deployment/sorter --replicas=3\n```\n\n"
        "## Roll back\n\n```bash\nkubectl rollout undo deployment/sorter\n```\n",
        good="**Owner**: logistics platform, #sorter-ops\n\n## Restart\n\n```bash\n"
        "kubectl rollout restart deployment/sorter\n```\n\n## Scale\n\n```bash\n"
        "kubectl scale deployment/sorter --replicas=3\n```\n\n## Roll back\n\n```bash\n"
        "kubectl rollout undo deployment/sorter\n```\n",
    ),
    check=check,
    doubt="Ownership may be kept elsewhere, in CODEOWNERS or a service catalogue.",
)
