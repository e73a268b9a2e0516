"""An emergency procedure that has no command in it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import facts, model
from midwatch.runbook import model as runbooks

URGENT = lazy.pattern(
    r"\balert|\bincident|\bemergenc|\boutage|\bdown\b|\brespon|\bfail|\bcritical|\bwarning|\brecover",
    re.IGNORECASE,
)
COMMAND_LIKE = lazy.pattern(
    r"^(?:[-*+]|\d+[.)])?\s*(?:\[[ xX]\]\s*)?\**(?P<verb>check|restart|review|roll\s?back|scale|"
    r"increase|reduce|stop|start|restore|rotate|block|isolate|identify|verify|flush|clear|drain|"
    r"fail\s?over|monitor|analy[sz]e|patch|kill|redeploy|reset|resize|expand|clean|delete|disable|"
    r"enable|update|upgrade)\b",
    re.IGNORECASE,
)
ENOUGH = 3


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """A procedure for trouble whose steps all say what to do and none says how."""
    if not any(s.commands for _, s in facts.steps(subject)):
        return
    for procedure in subject.runbook.procedures:
        if any(step.commands or step.kind is not runbooks.Kind.MANUAL for step in procedure.steps):
            continue
        verbs = [step for step in procedure.steps if COMMAND_LIKE.match(step.text.strip())]
        linked = procedure.see or any("](" in step.text or "`" in step.text for step in verbs)
        if len(verbs) >= ENOUGH and not linked and URGENT.search(" ".join(procedure.heading_path)):
            yield model.Hit(
                verbs[0].line,
                f"“{procedure.title}” has {len(procedure.steps)} steps and not one command.",
                end_line=procedure.steps[-1].end_line,
            )


RULE = model.Rule(
    id="procedure/prose-only",
    severity=model.Severity.INFO,
    summary="A procedure for trouble whose steps are prose alone.",
    why="“Check the database” is a riddle at three in the morning: nobody says which one, with "
    "what, and what a good answer is.",
    fix="Write the command and what it should show, or link to the procedure that has it.",
    example=model.Example(
        bad="## Show\n\n```bash\nkubectl get pods -n parcels\n```\n\n## Sorter down\n\n"
        "1. Check the sorter\n2. Restart it if needed\n3. Monitor for ten minutes\n",
        good="## Show\n\n```bash\nkubectl get pods -n parcels\n```\n\n## Sorter down\n\n"
        "1. Check the sorter: [Show](#show)\n"
        "2. Restart it: `kubectl rollout restart deployment/sorter -n parcels`\n"
        "3. Monitor for ten minutes\n",
    ),
    check=check,
)
