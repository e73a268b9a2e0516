"""The way back of a run: what takes back each change that was made, the last one first."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import re
import shlex
from collections.abc import Callable, Iterator, Sequence

from midwatch.base import shape
from midwatch.commands import model as commands
from midwatch.runbook import model as runbooks
from midwatch.runs import advice, model, state

Judge = Callable[[str], commands.Judgement]
CHANGES = frozenset({commands.Effect.CHANGE, commands.Effect.DESTROY})
NOT_BACK = "what it did on the way is not taken back here"
PUT_BACK = "what was recorded before it is put back, and nothing else"
HALF_WAY = frozenset({state.Status.FAILED, state.Status.IN_DOUBT, state.Status.STARTED})


@shape.frozen
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
    folder: str = ""
    """Where the run's files lie."""


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
    return [step for step in reversed(standing.plan.steps) if _has_changed(standing, step)]


def _has_changed(standing: state.State, step: model.PlannedStep) -> bool:
    """Whether the step did what it is there for; whether that helped is another question."""
    at = standing.step(step.index)
    if step.effect is commands.Effect.READ or step.carrier is model.Carrier.FILE:
        return False
    return at.status in {state.Status.DONE, state.Status.CHECKING} or at.checked is not None


def _half_way(standing: state.State) -> Iterator[str]:
    """What began, and nobody knows how far it came."""
    for step in standing.plan.steps:
        at = standing.step(step.index)
        if step.effect is commands.Effect.READ or _has_changed(standing, step):
            continue
        left = at.status is state.Status.SKIPPED and at.attempts
        if left or at.status in HALF_WAY:
            told = "was left out after it had begun" if left else f"is {at.status}"
            known = any(each.record in standing.remembered for each in step.records)
            yield f"“{step.title}” (line {step.line}) {told}: {PUT_BACK if known else NOT_BACK}"


def _steps(wanted: Wanted) -> Iterator[model.PlannedStep]:
    told = False
    for step in reversed(wanted.standing.plan.steps):
        if not _has_changed(wanted.standing, step):
            yield from _recorded_alone(wanted, step)
            continue
        known = _ways_back(wanted, step)
        if known and all(is_command(each, wanted.judge) for each in known):
            yield from (_command(wanted, step, each) for each in known)
        elif not wanted.rollback:
            yield _by_person(wanted, step, known)
        elif not told:
            told = True
            yield from wanted.rollback


def _recorded_alone(wanted: Wanted, step: model.PlannedStep) -> Iterator[model.PlannedStep]:
    """Of a step that stopped half-way, what was recorded before it: that is right anyway."""
    if wanted.standing.step(step.index).attempts:
        for each in reversed(step.records):
            way = _restored(wanted, each)
            if way and is_command(way, wanted.judge):
                yield _command(wanted, step, way)


def _ways_back(wanted: Wanted, step: model.PlannedStep) -> tuple[str, ...]:
    """What takes the step back, the last command first; with what was recorded, where it was."""
    found: list[str] = []
    for told in step.undo:
        same = [each for each in step.records if each.instead_of == told]
        found += [_restored(wanted, each) or told for each in same] or [told]
    found += [_restored(wanted, each) for each in step.records if not each.instead_of]
    return tuple(reversed(list(dict.fromkeys(each for each in found if each))))


def _restored(wanted: Wanted, recording: model.Recording) -> str:
    """The way back with what was recorded; nothing where that is not enough."""
    was = wanted.standing.remembered.get(recording.record)
    if was is None or not was.file or ("{recorded}" in recording.restore and not was.word):
        return ""
    file = shlex.quote(f"{wanted.folder}/{was.file}")
    return recording.restore.replace("{recorded}", was.word).replace("{record_file}", file)


def is_command(text: str, judge: Judge) -> bool:
    """Whether it is a whole command known to change something, and no sentence about one."""
    if advice.is_sentence(text):
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
