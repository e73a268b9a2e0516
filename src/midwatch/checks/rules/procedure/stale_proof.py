"""A procedure that worked once, and may not any more."""

from __future__ import annotations

from collections.abc import Iterator

from midwatch.checks import model


def check_all(collection: model.Collection) -> Iterator[model.Hit]:
    """What the record of drills and runs says of procedures, where a team wants to hear it."""
    for each in collection.unproven:
        yield model.Hit(each.line, f"“{each.title}” is not proven: {each.why}.", path=each.path)


RULE = model.Rule(
    id="procedure/stale-proof",
    severity=model.Severity.INFO,
    summary="A procedure that was rehearsed once, and whose proof does not hold any more.",
    why="A procedure that nobody has tried since its steps or its system changed is a hope, and "
    "the night it is needed is when somebody finds out.",
    fix="Rehearse it again in the lab: `midwatch drill FAULTS.toml`.",
    example=model.Example(
        bad="## Queue backlog\n\nRehearsed in spring; since then this step was added:\n\n"
        "```bash\nsystemctl restart sorter\n```\n",
        good="## Queue backlog\n\nRehearsed again after the step was added:\n\n"
        "```bash\nsystemctl restart sorter\n```\n",
    ),
    check_all=check_all,
    doubt="It knows only the drills and runs of the machine it runs on. It speaks where a team "
    'asks for it (`proofs = "90d"` under `[check]`), and of runbooks that were rehearsed there.',
)
