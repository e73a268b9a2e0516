"""A change that cannot be undone, and a page that does not say what then."""

from __future__ import annotations

import re
from collections.abc import Iterator

from midwatch.checks import facts, model
from midwatch.commands import model as commands
from midwatch.runbook import model as runbooks

BACK = re.compile(
    r"\broll(?:ed|ing)?[\s-]?backs?\b|\brevert\w*|\bundo\w*|\brestor\w*|\bback[\s-]?out|"
    r"\bback(?:ed)?[\s-]?up\w*|\bsnapshot|\bprevious (?:version|revision|image)|\bdowngrad",
    re.IGNORECASE,
)
MIGRATES = re.compile(
    r"\bmigrat(?:e|ion|ions)\b(?!.*(?:--plan|status|list))|\balembic upgrade|\bflyway\b.*\bmigrate|"
    r"\bliquibase\b.*\bupdate\b|\bdb:migrate\b|\bhelm upgrade\b",
    re.IGNORECASE,
)


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """A procedure that migrates or loses something without a word about the way back."""
    for procedure in subject.runbook.procedures:
        step = next((s for s in procedure.steps if hard_to_undo(s)), None)
        if step is None or has_way_back(subject, procedure):
            continue
        what = "migrates data" if MIGRATES.search(step.text) else "takes something away"
        yield model.Hit(
            step.line,
            f"“{procedure.title}” {what} and does not say how to get back.",
        )


def hard_to_undo(step: runbooks.Step) -> bool:
    """Whether a step destroys, cannot be undone, or migrates a schema."""
    if commands.Trait.LOCAL in step.traits or step.kind is runbooks.Kind.MANUAL:
        return False
    migrates = any(
        MIGRATES.search(located.command.text) and located.command.effect is not commands.Effect.READ
        for located in step.commands
    )
    return facts.destroys(step) or commands.Trait.IRREVERSIBLE in step.traits or migrates


def has_way_back(subject: model.Subject, procedure: runbooks.Procedure) -> bool:
    """Whether the procedure or one beside it says how to return."""
    if any(step.phase is runbooks.Phase.UNDO for step in procedure.steps):
        return True
    beside = (other.title for other in facts.siblings(subject, procedure))
    return bool(BACK.search(facts.text_of(subject, procedure))) or any(map(BACK.search, beside))


RULE = model.Rule(
    id="procedure/no-rollback",
    severity=model.Severity.INFO,
    summary="A migration or a loss without a word about the way back.",
    why="When it goes wrong half-way, the way back is invented at night, on live data.",
    fix="Say what to save first and how to return to it, or say that there is no way back.",
    example=model.Example(
        bad="```bash\nkubectl exec deploy/shop -- python manage.py migrate\n```\n",
        good="Rollback: `python manage.py migrate orders 0041` (the number noted in step 1).\n",
    ),
    check=check,
)
