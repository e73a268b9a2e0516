"""A step that says it renews or updates, and only rehearses."""

from __future__ import annotations

import re
from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import facts, hits, model
from midwatch.runbook import model as runbooks

DOES = lazy.pattern(
    r"\b(?:update|renew|upgrade|appl(?:y|ies)|deploy|rotate|clean|sync|install)\b", re.IGNORECASE
)
"""The deed as an order; “certificate renewal” and “is installed” are none."""
STOPS = lazy.pattern(r"\b(?:systemctl|service|docker|compose)\b.*\bstop\b")
STARTS = lazy.pattern(r"\b(?:systemctl|service|docker|compose)\b.*\b(?:re)?start\b")
TRIES = lazy.pattern(
    r"\btest|\bdry|\bcheck|\bverif|\bvalidat|\bpreview|\bsimulat|\bmanifest|\brehears|\bplan\b|\bdiff",
    re.IGNORECASE,
)


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """`--dry-run` as the only command of a step whose title promises the deed."""
    for procedure, step in facts.steps(subject):
        own = [located for located in step.commands if located.command.tool]
        if len(own) != 1 or "--dry-run" not in own[0].command.text or "|" in step.text:
            continue
        near = range(step.fence_line - 3, step.fence_line) if step.fence_line else ()
        above = " ".join(subject.line(number) for number in near)
        said = f"{step.title} {above}"
        others = [
            other
            for other in procedure.steps
            if other is not step
            and any(c.command.tool == own[0].command.tool for c in other.commands)
        ]
        if (
            (DOES.search(step.title) or stopped_for(procedure, step))
            and not TRIES.search(said)
            and not others
            and "-o" not in step.text
        ):
            title = step.title or procedure.title
            found = facts.Found(own[0].command, own[0].line, own[0].column, step, procedure)
            yield hits.of_command(
                found,
                f"“{title.strip(' *:')}” only rehearses: `--dry-run` changes nothing, and no "
                "other command does it.",
            )


def stopped_for(procedure: runbooks.Procedure, step: runbooks.Step) -> bool:
    """Whether a service is stopped just before it, which nobody does for a rehearsal."""
    at = procedure.steps.index(step)
    before = procedure.steps[at - 1].text if at else ""
    after = procedure.steps[at + 1].text if at + 1 < len(procedure.steps) else ""
    return bool(STOPS.search(before) and STARTS.search(after))


RULE = model.Rule(
    id="meaning/dry-run-only",
    severity=model.Severity.ERROR,
    summary="A step that promises a deed and only rehearses it.",
    why="It is done every week and ticked off, until the certificate runs out.",
    fix="Keep the rehearsal as a check, and add the command without `--dry-run`.",
    example=model.Example(
        bad="1. Renew the certificates:\n\n   ```bash\n   certbot renew --dry-run\n   ```\n",
        good="1. Renew the certificates:\n\n   ```bash\n   certbot renew\n   ```\n",
    ),
    check=check,
)
