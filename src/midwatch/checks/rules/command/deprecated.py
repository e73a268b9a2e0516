"""A tool or flag that still works here and there, and is on its way out."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

from midwatch.checks import facts, gone, hits, model
from midwatch.checks.rules.command import removed

KINDS = {"componentstatuses": "1.19", "componentstatus": "1.19", "cs": "1.19"}
"""Kinds that Kubernetes keeps for old habits, and since when it warns."""


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """The first use of a tool on its way out, and every use of such a flag or kind."""
    told: set[str] = set()
    for found in facts.found(subject):
        kind = (*found.command.operands, "")[0] if found.command.path == ("get",) else ""
        if found.command.tool in {"kubectl", "oc"} and kind in KINDS:
            yield hits.of_command(
                found,
                f"`{kind}` is deprecated since Kubernetes {KINDS[kind]}, and may be wrong.",
                fix="Ask the API server itself: `kubectl get --raw='/readyz?verbose'`.",
            )
        for use in gone.uses(found.command):
            if use.gone.state is gone.State.REMOVED or removed.other(subject, use.gone):
                continue
            if use.gone.whole_tool and use.part in told:
                continue
            told.add(use.part)
            made = hits.of_command(
                found, message(found, use), part=use.part, fix=f"Use {use.gone.instead}."
            )
            yield dataclasses.replace(made, replacement=removed.replacement(made, use))


def message(found: facts.Found, use: gone.Use) -> str:
    """How far gone it is."""
    what = use.gone.what or f"`{use.part}`"
    since = f" since {use.gone.since}" if use.gone.since else ""
    if use.gone.state is gone.State.MISSING:
        return f"`{use.part}` is not on new machines, unless somebody installed it."
    if use.gone.whole_tool:
        return f"{what[0].upper()}{what[1:]} is retired{since}."
    if use.gone.flags:
        return f"{what} of `{found.command.tool}` is deprecated{since}."
    return f"`{found.command.tool} {' '.join(use.gone.command)}` is deprecated{since}."


RULE = model.Rule(
    id="command/deprecated",
    severity=model.Severity.INFO,
    summary="A tool or flag that is on its way out.",
    why="It is missing on the next machine, and that is found out in an emergency.",
    fix="Write what replaced it.",
    example=model.Example(
        bad="```bash\ndocker-compose restart web\n```\n",
        good="```bash\ndocker compose restart web\n```\n",
    ),
    check=check,
    doubt="A machine may have an alias of the old name.",
)
