"""One runbook from disk, with a sentence for everything that can be wrong with a path."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from midwatch.app import kept, source_files, team_knowledge
from midwatch.base import errors, lazy
from midwatch.commands import model as commands
from midwatch.runbook import model as runbooks

if TYPE_CHECKING:
    from midwatch.app import showing
    from midwatch.commands import reading as shell
else:
    showing = lazy.module("midwatch.app.showing")
    shell = lazy.module("midwatch.commands.reading")


def read(path_text: str) -> runbooks.Runbook:
    """The runbook in that file."""
    if not path_text:
        raise errors.UserError(
            "Which runbook?", "Say it as FILE#PROCEDURE, such as ops/RUNBOOK.md#queue-backlog."
        )
    data = source_files.read(Path(path_text))
    return kept.find(path_text, data) or showing.compile_all([(path_text, data)])[0]


def judging(runbook: runbooks.Runbook) -> Callable[[str], commands.Judgement]:
    """What a text does, seen with the scripts that the runbook defines."""
    scripts = {
        script.name: commands.Judgement(
            script.effect, f"{script.name} of line {script.line}", script.traits
        )
        for script in runbook.scripts
    }
    context = commands.Context(scripts=scripts)
    knowledge = functools.cache(lambda: team_knowledge.near(Path(runbook.path)))

    def judge(text: str) -> commands.Judgement:
        read_text = shell.read(text, context, knowledge())
        found = read_text.statements
        if read_text.problem is not None or not found:
            return commands.Judgement(commands.Effect.UNKNOWN, "it cannot be read whole")
        worst = max(found, key=lambda each: commands.RANK[each.effect])
        traits = frozenset(trait for each in found for trait in each.traits)
        return commands.Judgement(worst.effect, worst.why, traits)

    return judge
