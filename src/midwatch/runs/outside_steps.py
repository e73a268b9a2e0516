"""A planned step that is no shell: its values travel beside it, or are written by its rules."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from midwatch.base import errors, lazy
from midwatch.commands import model as commands
from midwatch.runbook import model as runbooks
from midwatch.runs import model, outside

if TYPE_CHECKING:
    from midwatch.commands import binding, binding_rules
    from midwatch.commands.filling import model as fillings
    from midwatch.commands.filling import registry as filling
else:
    binding_rules = lazy.module("midwatch.commands.binding_rules")
    filling = lazy.module("midwatch.commands.filling.registry")
    fillings = lazy.module("midwatch.commands.filling.model")

SHELLS = frozenset({"bash", "sh", "shell", "zsh", "console"})
IN_SHELL = frozenset({runbooks.Kind.WAIT, runbooks.Kind.HTTP})
"""`sleep 30` and `curl` are shell like any other."""


def is_one(step: runbooks.Step, target: outside.Outside) -> bool:
    """Whether the step is no shell, or is better carried out beside it."""
    if step.kind in IN_SHELL and step.language in SHELLS:
        return target.takes(step)
    return step.kind in outside.NOT_HERE


def planned(
    index: int,
    step: runbooks.Step,
    target: outside.Outside,
    *,
    holes: Sequence[binding.Hole],
    digest: Callable[[str], str],
) -> model.PlannedStep:
    """The step with its values, and all that a person should know of it."""
    filled = _filled(step, holes)
    known = target.known(step, filled.text)
    before = commands.Judgement(step.effect, step.why, step.traits)
    judged = worse(before, known.judgement or before)
    return model.PlannedStep(
        index=index,
        line=step.line,
        title=step.title or step.text.strip().partition("\n")[0][:72],
        phase=step.phase.value,
        kind=step.kind.value,
        language=step.language,
        text=filled.text,
        effect=judged.effect,
        carrier=model.Carrier.OUTSIDE,
        digest=digest(filled.text),
        traits=judged.traits,
        why=judged.why,
        tools=known.tools,
        touches=known.touches,
        look_first=known.look_first,
        choice=step.choice,
        option=step.option,
        condition=step.condition,
        expected=tuple(each.text for each in step.expected),
        cautions=(*step.cautions, *known.cautions),
        file_name=step.file_name,
        pieces=filled.pieces,
        parameters=tuple(dataclasses.asdict(each) for each in filled.parameters),
    )


def _filled(step: runbooks.Step, holes: Sequence[binding.Hole]) -> fillings.Filled:
    if not holes:
        return fillings.Filled(step.text, (step.text,), ())
    for hole in holes:
        reason = binding_rules.never(hole.value)
        if reason:
            raise _cannot(step, hole.name, reason)
    filled = filling.FILLERS[step.kind.value](step.text, holes)
    if isinstance(filled, fillings.Filled):
        return filled
    raise _cannot(step, filled.name, filled.reason)


def _cannot(step: runbooks.Step, name: str, reason: str) -> errors.UserError:
    return errors.UserError(
        f"The value of {name} cannot go into line {step.line} ({step.title}): {reason}.",
        "Give another value, or carry that step out by hand.",
    )


def worse(before: commands.Judgement, after: commands.Judgement) -> commands.Judgement:
    """Of two judgements the worse, with the traits of both."""
    is_worse = commands.RANK[after.effect] > commands.RANK[before.effect]
    return dataclasses.replace(after if is_worse else before, traits=after.traits | before.traits)
