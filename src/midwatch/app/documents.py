"""One runbook from disk, with a sentence for everything that can be wrong with a path."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from midwatch.app import kept, team_knowledge
from midwatch.base import errors, lazy
from midwatch.commands import model as commands
from midwatch.runbook import model as runbooks

if TYPE_CHECKING:
    from midwatch.app import showing
    from midwatch.commands import reading as shell
else:
    showing = lazy.module("midwatch.app.showing")
    shell = lazy.module("midwatch.commands.reading")

LARGEST = 20_000_000
"""Bytes; nobody reads a longer runbook at night."""


def read(path_text: str) -> runbooks.Runbook:
    """The runbook in that file."""
    if not path_text:
        raise errors.UserError(
            "Which runbook?", "Say it as FILE#PROCEDURE, such as ops/RUNBOOK.md#queue-backlog."
        )
    path = Path(path_text)
    data = _data(path)
    if b"\0" in data[:8192]:
        raise errors.UserError(f"{path} is a binary file, no Markdown.")
    if not data.strip():
        raise errors.UserError(f"{path} is empty.")
    return kept.find(path_text, data) or showing.compile_all([(path_text, data)])[0]


def _data(path: Path) -> bytes:
    try:
        if path.stat().st_size > LARGEST:
            raise errors.UserError(
                f"{path} is larger than {LARGEST // 1_000_000} MB: that is no runbook.",
                "Split it, or name the right file.",
            )
        return path.read_bytes()
    except FileNotFoundError as error:
        raise errors.UserError(f"{path} does not exist.", _near(path)) from error
    except IsADirectoryError as error:
        raise errors.UserError(f"{path} is a folder, no runbook.", _inside(path)) from error
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise errors.UserError(f"{path} cannot be read: {reason}.") from error
    except ValueError as error:
        raise errors.UserError(f"“{path}” is no path: {error}.") from error


def _near(path: Path) -> str:
    if not path.parent.is_dir():
        return f"There is no folder {path.parent} either."
    names = [each.name for each in path.parent.iterdir() if each.suffix == ".md"]
    near = difflib.get_close_matches(path.name, names, n=1, cutoff=0.5)
    return f"Did you mean {path.parent / near[0]}?" if near else ""


def _inside(path: Path) -> str:
    names = sorted(each.name for each in path.glob("*.md"))
    return f"It holds {', '.join(names[:5])}." if names else "It holds no Markdown."


def judging(runbook: runbooks.Runbook) -> Callable[[str], commands.Judgement]:
    """What a text does, seen with the scripts that the runbook defines."""
    scripts = {
        script.name: commands.Judgement(
            script.effect, f"{script.name} of line {script.line}", script.traits
        )
        for script in runbook.scripts
    }
    context = commands.Context(scripts=scripts)
    knowledge = team_knowledge.near(Path(runbook.path))

    def judge(text: str) -> commands.Judgement:
        read_text = shell.read(text, context, knowledge)
        found = read_text.statements
        if read_text.problem is not None or not found:
            return commands.Judgement(commands.Effect.UNKNOWN, "it cannot be read whole")
        worst = max(found, key=lambda each: commands.RANK[each.effect])
        traits = frozenset(trait for each in found for trait in each.traits)
        return commands.Judgement(worst.effect, worst.why, traits)

    return judge
