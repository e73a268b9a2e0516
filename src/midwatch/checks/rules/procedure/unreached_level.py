"""A level of an escalation with hours at which it reaches nobody."""

from __future__ import annotations

from collections.abc import Iterator

from midwatch.checks import model


def check_all(collection: model.Collection) -> Iterator[model.Hit]:
    """Levels whose schedules leave hours to nobody."""
    for each in collection.unreached:
        message = f"“{each.level}” reaches nobody at some hours: its schedule has a gap."
        yield model.Hit(each.line, message, path=each.path, why=each.why)


RULE = model.Rule(
    id="procedure/unreached-level",
    severity=model.Severity.WARNING,
    summary="A level of an escalation that reaches nobody at some hours.",
    why="A page at that hour finds nobody there and waits for the next level.",
    fix="Close the gap in `[schedules]`, or name somebody beside it: "
    '`notify = ["schedule:primary", "ana"]`.',
    example=model.Example(
        bad="## Escalation\n\n- Level 1: Office hours (0-15 minutes)\n"
        "- Level 2: Senior engineer (15+ minutes)\n",
        good="## Escalation\n\n- Level 1: On-call engineer (0-15 minutes)\n"
        "- Level 2: Senior engineer (15+ minutes)\n",
    ),
    check_all=check_all,
    doubt="It speaks only where the `midwatch.toml` beside or above has `[people]`, and looks two "
    "weeks ahead.",
)
