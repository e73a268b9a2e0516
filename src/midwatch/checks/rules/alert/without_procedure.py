"""An alert of the document that leads to nothing in it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from midwatch.checks import model
from midwatch.runbook import model as runbooks

PLAIN = frozenset(
    {
        *("high", "low", "usage", "rate", "down", "failure", "failed", "fail", "failing"),
        *("error", "issue", "alert", "the", "all", "for", "minute", "second", "hour"),
        *("any", "with", "over", "above", "below", "more", "than", "not", "too"),
    }
)
ENOUGH = 3


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """An alert that is linked to no procedure and shares no word with one."""
    book = subject.runbook
    healing = [procedure for procedure in book.procedures if procedure.symptoms]
    if len(healing) < ENOUGH:
        return
    for rule in book.rules:
        near = subject.line(rule.line) + (rule.action or "")
        if rule.procedure is None and "](" not in near and not named(book, rule):
            yield model.Hit(
                rule.line, f"No procedure of this document speaks of the alert “{rule.name}”."
            )


def named(book: runbooks.Runbook, rule: runbooks.Rule) -> bool:
    """Whether a procedure shares a telling word with an alert's name, or all its plain ones."""
    wanted = stems(rule.name)
    for procedure in book.procedures:
        known = stems(" ".join((procedure.title, *procedure.symptoms)))
        if wanted & known - PLAIN or (wanted <= PLAIN and wanted <= known):
            return True
    return False


def stems(text: str) -> frozenset[str]:
    """The words of a text without case and plural."""
    words = re.findall(r"[A-Z]?[a-z]{2,}|[A-Z]{2,}", text)
    return frozenset(word.lower().removesuffix("s") for word in words)


RULE = model.Rule(
    id="alert/without-procedure",
    severity=model.Severity.INFO,
    summary="An alert in the document, and no procedure that speaks of it.",
    why="The page that announces the alert leaves whoever it wakes alone with it.",
    fix="Write the procedure, or link to where it is.",
    example=model.Example(
        bad="## Alerts\n\n### Critical Alerts\n\n1. **Disk nearly full**\n"
        "   - Query: `disk_used_ratio > 0.85`\n   - Action: Page on-call\n\n"
        "## Belts stand still\n\n**Symptoms**: scans pile up\n\n```bash\nkubectl get pods\n"
        "```\n\n## Scanner blind\n\n**Symptoms**: no scans\n\n```bash\nkubectl get pods\n"
        "```\n\n## Labels unreadable\n\n**Symptoms**: unknown parcels\n\n```bash\n"
        "kubectl get pods\n```\n",
        good="## Alerts\n\n### Critical Alerts\n\n1. **Disk nearly full**\n"
        "   - Query: `disk_used_ratio > 0.85`\n   - Action: Page on-call\n\n"
        "## Belts stand still\n\n**Symptoms**: scans pile up\n\n```bash\nkubectl get pods\n"
        "```\n\n## Scanner blind\n\n**Symptoms**: no scans\n\n```bash\nkubectl get pods\n"
        "```\n\n## Labels unreadable\n\n**Symptoms**: unknown parcels\n\n```bash\n"
        "kubectl get pods\n```\n\n## Disk full\n\n**Symptoms**: nothing can be written\n\n"
        "```bash\ndf -h\n```\n",
    ),
    check=check,
    doubt="A procedure that goes by quite another name.",
)
