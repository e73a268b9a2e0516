"""An alert that tells nobody what to do."""

from __future__ import annotations

from collections.abc import Iterator

from midwatch.checks import coverage, model


def check_all(collection: model.Collection) -> Iterator[model.Hit]:
    """Each alert of the rule files without a `runbook_url` and without a procedure of its name."""
    known = coverage.titles(collection)
    for alert in collection.alerts:
        if not alert.runbook and coverage.key(alert.name) not in known:
            yield model.Hit(
                alert.line,
                f"The alert {alert.name} has no `runbook_url`, and no runbook is named after it.",
                path=alert.path,
            )


RULE = model.Rule(
    id="alert/no-runbook",
    severity=model.Severity.WARNING,
    summary="An alert of a rule file (`--rules`) without a runbook.",
    why="Whoever is woken by it starts from nothing.",
    fix="Write a procedure and put its address into the alert's `runbook_url` annotation.",
    example=model.Example(
        bad="- alert: ParcelsWaiting\n  expr: max(parcels_waiting) > 500\n",
        good="- alert: ParcelsWaiting\n  expr: max(parcels_waiting) > 500\n  annotations:\n"
        "    runbook_url: https://git.example/ops/runbook.md#parcels-waiting\n",
    ),
    check_all=check_all,
)
