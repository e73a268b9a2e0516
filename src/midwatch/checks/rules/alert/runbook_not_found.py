"""An alert whose link leads nowhere."""

from __future__ import annotations

from collections.abc import Iterator

from midwatch.checks import coverage, model


def check_all(collection: model.Collection) -> Iterator[model.Hit]:
    """Each alert whose `runbook_url` names a file of this check, and an anchor it does not have.

    A link to a file that is not part of the check is only wondered about.
    """
    files = coverage.by_name(collection)
    for alert in collection.alerts:
        if not alert.runbook or not collection.outlines:
            continue
        name, anchor = coverage.parts(alert.runbook)
        outlines = files.get(name, [])
        if not outlines and coverage.key(alert.name) not in coverage.titles(collection):
            yield model.Hit(
                alert.line,
                f"{alert.name} leads to {alert.runbook}, which is none of the files checked.",
                severity=model.Severity.INFO,
                path=alert.path,
            )
        elif anchor and outlines and not any(coverage.has(o, anchor) for o in outlines):
            yield model.Hit(
                alert.line,
                f"{alert.name} leads to #{anchor}, and {outlines[0].path} has no such heading.",
                path=alert.path,
            )


RULE = model.Rule(
    id="alert/runbook-not-found",
    severity=model.Severity.ERROR,
    summary="An alert of a rule file (`--rules`) whose `runbook_url` leads nowhere.",
    why="The link in the page opens the top of a long document, or an error page, when seconds "
    "count.",
    fix="Correct the link, or give the heading its old name back.",
    example=model.Example(
        bad="runbook_url: https://git.example/ops/runbook.md#parcels-stuck\n",
        good="runbook_url: https://git.example/ops/runbook.md#parcels-waiting\n",
    ),
    check_all=check_all,
)
