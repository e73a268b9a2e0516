"""A role in an escalation that stands for nobody."""

from __future__ import annotations

from collections.abc import Iterator

from midwatch.checks import model


def check_all(collection: model.Collection) -> Iterator[model.Hit]:
    """Roles that midwatch.toml does not know, where it knows people at all."""
    for each in collection.nameless:
        message = f"“{each.words}” stands for nobody: no role, schedule or person has that name."
        yield model.Hit(each.line, message, path=each.path)


RULE = model.Rule(
    id="procedure/unknown-role",
    severity=model.Severity.WARNING,
    summary="A role in an escalation that stands for nobody in `midwatch.toml`.",
    why="The watch pages whom the default policy names instead: somebody comes, and perhaps not "
    "the one the runbook means.",
    fix='Say who it is: `"Senior engineer" = "schedule:primary"` under `[roles]`.',
    example=model.Example(
        bad="## Escalation\n\n- Level 1: On-call engineer (0-15 minutes)\n"
        "- Level 2: Platform guild (15+ minutes)\n",
        good="## Escalation\n\n- Level 1: On-call engineer (0-15 minutes)\n"
        "- Level 2: Senior engineer (15+ minutes)\n",
    ),
    check_all=check_all,
    doubt="It speaks only where the `midwatch.toml` beside or above has `[people]`.",
)
