"""A step that opens an editor, and a change that stands in no command."""

from __future__ import annotations

import re
from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import facts, hits, model
from midwatch.commands import model as commands

EDITORS = frozenset({"vim", "vi", "nano", "emacs", "pico", "nvim", "visudo", "vigr", "vipw"})
EMERGENCY = lazy.pattern(r"emergenc|outage|incident|\bP[01]\b|critical", re.IGNORECASE)


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """An editor, `kubectl edit`, `git revert` without `--no-edit` and their kind."""
    for found in facts.found(subject):
        if found.step.fence_line and opens(found.command):
            below = facts.block_below(subject, found)
            shown = below is not None and below.language not in {*facts.SHELLS, "text"}
            how = (
                "what is shown below it is typed in by hand"
                if shown
                else "what to change is up to memory"
            )
            yield hits.of_command(
                found,
                f"`{hits.short(found.command.text, 50)}` opens an editor; {how}.",
                severity=model.Severity.WARNING if urgent(found) else None,
            )


def opens(command: commands.Command) -> bool:
    """Whether a command opens an editor."""
    tool, path = command.tool, command.path
    if tool in EDITORS:
        return bool(command.operands)
    if tool in {"kubectl", "oc", "systemctl", "crontab"}:
        return path[:1] == ("edit",) or (tool == "crontab" and "-e" in command.flags)
    if tool == "git" and commands.Trait.INTERACTIVE in command.traits:
        return path[:1] in {("revert",), ("commit",), ("rebase",), ("merge",)} or (
            "revert" in command.operands[:1]
        )
    return False


def urgent(found: facts.Found) -> bool:
    """Whether the step belongs to an emergency."""
    return any(EMERGENCY.search(heading) for heading in found.procedure.heading_path)


RULE = model.Rule(
    id="shell/opens-editor",
    severity=model.Severity.INFO,
    summary="A step that opens an editor.",
    why="The change is made by hand, differently each time, is on no record, and cannot be undone "
    "by looking at what was run.",
    fix="Write the change as a command: `kubectl patch`, `kubectl set`, `sed -i`, or a commit.",
    example=model.Example(
        bad="```bash\nkubectl edit configmap lanes -n parcels\n```\n",
        good="```bash\nkubectl patch configmap lanes -n parcels "
        '-p \'{"data":{"LANES":"12"}}\'\n```\n',
    ),
    check=check,
)
