"""A change that cannot be undone, and a page that does not say what then."""

from __future__ import annotations

import re
from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import facts, model
from midwatch.commands import model as commands
from midwatch.runbook import model as runbooks

RETURN = lazy.pattern(
    r"\broll(?:ed|ing)?[\s-]?backs?\b|\brevert\w*|\bundo\w*|\brestor\w*|\bback[\s-]?out|"
    r"\bprevious (?:version|revision|image)|\bdowngrad|\bno way back|\bcannot be undone|"
    r"\b(?:data|will be) los[st]|\brecreat|\bre-creat",
    re.IGNORECASE,
)
SAVED = lazy.pattern(r"\bback(?:ed)?[\s-]?up\w*|\bsnapshot|\bsaved?\b|\bexport", re.IGNORECASE)
RUBBISH = lazy.pattern(
    r"\brmi\b|\bimages? (?:prune|rm)\b|\bbuilder prune\b|"
    r"\bdelete\s+(?:\S+\s+)*?(?:pods?|po|jobs?)\b|"
    r"status\.phase=(?:Failed|Succeeded)|/tmp/|\.cache\b|\bpatronictl\b.*\breinit\b",
)
"""What is thrown away and never missed, or comes back from its primary."""
MIGRATES = lazy.pattern(
    r"\bmanage\.py migrate\b(?!.*--plan)|\balembic upgrade\b|\bgoose\b.*\sup\b|"
    r"\bmigrate\s.*-(?:path|database|source)\b|"
    r"\bflyway\b.*\bmigrate\b|\bliquibase\b.*\bupdate\b|\bdb:migrate\b|\bprisma migrate deploy\b|"
    r"\bknex migrate:latest\b|\bartisan migrate\b|\bdbmate up\b|\bhelm upgrade\b|"
    r"\bcompose\b.*\spull\b|(?:^|[\s/])[\w./-]*\bmigrat\w*[\w-]*\.(?:sh|ts|js|mjs|py|rb|php)\b|"
    r"\b(?:npm|pnpm|yarn)(?: run)? (?:db[:-])?migrate\b",
    re.IGNORECASE,
)


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """A procedure that migrates or loses something without a word about the way back."""
    for procedure in subject.runbook.procedures:
        located = next((c for s in procedure.steps for c in s.commands if hard_to_undo(c)), None)
        if located is None:
            continue
        migrating = migrates(located.command)
        if not has_way_back(subject, procedure, migrating=migrating):
            what = "migrates or upgrades" if migrating else "takes something away"
            yield model.Hit(
                located.line,
                f"“{procedure.title}” {what} and does not say how to get back.",
                column=located.column,
            )


def hard_to_undo(located: runbooks.LocatedCommand) -> bool:
    """Whether a command loses something or moves to another version."""
    destroys = located.command.effect is commands.Effect.DESTROY
    destroys = destroys and not RUBBISH.search(located.command.text)
    return destroys or migrates(located.command)


def migrates(command: commands.Command) -> bool:
    """Whether a command changes a schema or the version that runs."""
    return command.effect is not commands.Effect.READ and bool(MIGRATES.search(command.text))


def has_way_back(subject: model.Subject, procedure: runbooks.Procedure, *, migrating: bool) -> bool:
    """Whether the procedure or one beside it says how to return; a loss may be saved before."""
    if any(step.phase is runbooks.Phase.UNDO for step in procedure.steps):
        return True
    text = facts.text_of(subject, procedure)
    beside = (other.title for other in facts.siblings(subject, procedure))
    saved = not migrating and bool(SAVED.search(text))
    return saved or bool(RETURN.search(text)) or any(map(RETURN.search, beside))


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
