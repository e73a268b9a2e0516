"""The way back of a run: what takes back each change that was made, the last one first."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import re
from collections.abc import Callable, Iterator, Sequence

from midwatch.commands import model as commands
from midwatch.runbook import model as runbooks
from midwatch.runs import model, state

Judge = Callable[[str], commands.Judgement]
PROSE = frozenset(
    {
        "a", "after", "again", "an", "and", "are", "back", "before", "by", "for", "goes", "if",
        "in", "is", "it", "of", "on", "or", "previous", "same", "that", "the", "then", "to",
        "when", "with", "without",
    }
)  # fmt: skip
"""Words of a sentence about a command, which no command is made of."""
NO_COMMAND = re.compile(r"[<>\n…()]|\.\.\.|, ")
"""What is left open, or is said rather than typed."""
CHANGES = frozenset({commands.Effect.CHANGE, commands.Effect.DESTROY})
HALF_WAY = frozenset({state.Status.FAILED, state.Status.IN_DOUBT, state.Status.STARTED})


@dataclasses.dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be taken back, and what the document itself says about that."""

    run_id: str
    standing: state.State
    rollback: tuple[model.PlannedStep, ...]
    """The document's own way back, with its values."""
    judge: Judge
    shell: str = ""
    """The state of the run's shell in the end."""
    gone: frozenset[str] = frozenset()
    """Variables of it that held a secret which was not kept."""


def plan(base: model.Plan, wanted: Wanted) -> model.Plan:
    """The plan that takes the run back; `base` knows the inputs and where it runs."""
    before = wanted.standing.plan
    steps = tuple(
        dataclasses.replace(step, index=index) for index, step in enumerate(_steps(wanted))
    )
    used = {name for name in before.secrets if any(name in step.text for step in steps)}
    return dataclasses.replace(
        base,
        title=f"Undo of {before.title} (run {wanted.run_id})",
        steps=steps,
        undoes=wanted.run_id,
        shell=wanted.shell,
        folder=before.folder,
        severity=None,
        recovery_target=None,
        cautions=tuple(_half_way(wanted.standing)),
        inputs={**before.inputs, **base.inputs},
        variables={**before.variables, **base.variables},
        secrets={**{name: before.secrets[name] for name in used}, **base.secrets},
        undo_steps=(),
    )


def changed(standing: state.State) -> list[model.PlannedStep]:
    """The steps that changed something, the last first."""
    return [
        step
        for step in reversed(standing.plan.steps)
        if standing.step(step.index).status is state.Status.DONE
        and step.effect is not commands.Effect.READ
        and step.carrier is not model.Carrier.FILE
    ]


def _half_way(standing: state.State) -> Iterator[str]:
    for step in standing.plan.steps:
        at = standing.step(step.index)
        if step.effect is not commands.Effect.READ and at.status in HALF_WAY:
            yield (
                f"“{step.title}” (line {step.line}) is {at.status}: "
                "what it did on the way is not taken back here"
            )


def _steps(wanted: Wanted) -> Iterator[model.PlannedStep]:
    told = False
    for step in changed(wanted.standing):
        known = tuple(reversed(step.undo))
        if known and all(is_command(each, wanted.judge) for each in known):
            yield from (_command(wanted, step, each) for each in known)
        elif not wanted.rollback:
            yield _by_person(wanted, step, known)
        elif not told:
            told = True
            yield from wanted.rollback


def is_command(text: str, judge: Judge) -> bool:
    """Whether it is a whole command known to change something, and no sentence about one."""
    words = {word.strip(".,;:").lower() for word in text.split()}
    if NO_COMMAND.search(text) or PROSE & words:
        return False
    return judge(text).effect in CHANGES


def _command(wanted: Wanted, step: model.PlannedStep, text: str) -> model.PlannedStep:
    gone = sorted(name for name in wanted.gone if re.search(rf"\$\{{?{name}\b", text))
    if gone:
        said = f"It needs {', '.join(gone)}: a secret the run computed, which was not kept."
        return dataclasses.replace(_by_person(wanted, step, [text]), text=text, by_person=said)
    judged = wanted.judge(text)
    return model.PlannedStep(
        index=step.index,
        line=step.line,
        title=f"Undo: {step.title}",
        phase=runbooks.Phase.UNDO.value,
        kind=runbooks.Kind.SHELL.value,
        language="bash",
        text=text,
        effect=judged.effect,
        carrier=model.Carrier.SHELL,
        digest=_digest(wanted, step, text),
        traits=judged.traits,
        why=judged.why,
        touches=step.touches,
        look_first=step.look_first,
        looks=step.looks,
    )


def _by_person(wanted: Wanted, step: model.PlannedStep, known: Sequence[str]) -> model.PlannedStep:
    said = f"A person takes it back: {'; '.join(known)}." if known else NOTHING_KNOWN
    return model.PlannedStep(
        index=step.index,
        line=step.line,
        title=f"Undo: {step.title}",
        phase=runbooks.Phase.UNDO.value,
        kind=runbooks.Kind.MANUAL.value,
        language=step.language,
        text=step.text,
        effect=step.effect,
        carrier=model.Carrier.PERSON,
        digest=_digest(wanted, step, said),
        by_person=said,
    )


NOTHING_KNOWN = "No way back is known: a person looks what can be taken back of this."


def _digest(wanted: Wanted, step: model.PlannedStep, text: str) -> str:
    told = [wanted.run_id, step.digest, text, wanted.standing.plan.target]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()
