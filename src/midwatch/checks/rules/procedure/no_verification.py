"""A procedure that changes something and does not look whether it worked."""

from __future__ import annotations

import re
from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import facts, model
from midwatch.commands import model as commands
from midwatch.runbook import model as runbooks

LOOKS = lazy.pattern(
    r"\b(?:verif\w*|valid\w*|check\w*|confirm\w*|ensure|make sure|monitor\w*|watch\w*|observe\w*|"
    r"expect\w*|should|test\w*|wait\w*|until|healthy|see that|inspect\w*|success\w*|look)\b",
    re.IGNORECASE,
)


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """A procedure whose last change is followed by nothing that looks at the result."""
    for procedure in subject.runbook.procedures:
        last = last_change(procedure)
        if last is None or looked_at(subject, procedure, last):
            continue
        yield model.Hit(
            last.line,
            f"“{procedure.title}” ends with a change that nothing looks at afterwards.",
        )


def last_change(procedure: runbooks.Procedure) -> runbooks.Step | None:
    """The last step of a procedure that changes something."""
    changing = [step for step in procedure.steps if facts.changes(step)]
    return changing[-1] if changing else None


def looked_at(subject: model.Subject, procedure: runbooks.Procedure, last: runbooks.Step) -> bool:
    """Whether something after a step, or the step itself, looks at the result."""
    if last.phase is runbooks.Phase.VERIFY:
        return True
    if last.expected or any(reads(step) for step in procedure.steps if step.line > last.line):
        return True
    commands_after = [located.command for located in last.commands]
    if commands_after and commands_after[-1].effect is commands.Effect.READ:
        return True
    prose = "\n".join(
        line
        for line in facts.text_of(subject, procedure, last.end_line).splitlines()
        if not line.lstrip().startswith("#")
    )
    if LOOKS.search(prose):
        return True
    others = facts.siblings(subject, procedure)
    return any(LOOKS.search(other.title) for other in others if other.line > procedure.line)


def reads(step: runbooks.Step) -> bool:
    """Whether a step looks at something."""
    return step.phase is runbooks.Phase.VERIFY or (
        bool(step.commands) and step.effect is commands.Effect.READ
    )


RULE = model.Rule(
    id="procedure/no-verification",
    severity=model.Severity.INFO,
    summary="A procedure that ends with a change and never looks whether it worked.",
    why="The person goes back to bed and the outage goes on; the next page comes from a customer.",
    fix="End with a command that shows the result, and say what it should show.",
    example=model.Example(
        bad="```bash\nkubectl rollout restart deployment/sorter -n parcels\n```\n",
        good="```bash\nkubectl rollout restart deployment/sorter -n parcels\n"
        "kubectl rollout status deployment/sorter -n parcels --timeout=5m\n```\n",
    ),
    check=check,
    doubt="An alert that resolves by itself may be all the verification there is.",
)
