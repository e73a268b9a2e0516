"""A procedure for an alarm that never rings."""

from __future__ import annotations

from collections.abc import Iterator

from midwatch.checks import coverage, model


def check_all(collection: model.Collection) -> Iterator[model.Hit]:
    """Each procedure with symptoms that no alert of the rule files leads to."""
    if not collection.alerts:
        return
    names = {coverage.key(alert.name) for alert in collection.alerts}
    links = [coverage.parts(alert.runbook) for alert in collection.alerts if alert.runbook]
    for outline in collection.outlines:
        if (coverage.file_name(outline.path), "") in links:
            continue
        for procedure in outline.symptomatic:
            reached = any(
                coverage.same_anchor(anchor, procedure.anchor)
                for name, anchor in links
                if name == coverage.file_name(outline.path)
            )
            if not reached and coverage.key(procedure.title) not in names:
                yield model.Hit(
                    procedure.line,
                    f"No alert leads to “{procedure.title}”.",
                    path=outline.path,
                )


RULE = model.Rule(
    id="alert/never-alerted",
    severity=model.Severity.INFO,
    summary="A procedure with symptoms that no alert of the rule files (`--rules`) leads to.",
    why="The failure it heals is noticed by customers first, and the procedure is found by luck.",
    fix="Write an alert for its symptoms, with a `runbook_url` that ends in the heading's anchor.",
    example=model.Example(
        bad="### Parcels waiting\n\n**Symptoms**: more than 500 parcels wait.\n",
        good="### Parcels waiting\n\n**Alert**: ParcelsWaiting\n",
    ),
    check_all=check_all,
)
