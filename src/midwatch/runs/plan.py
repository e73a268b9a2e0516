"""From a procedure, its inputs and a target to a plan: what is shown is what will run."""

from __future__ import annotations

import dataclasses
import difflib
import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from midwatch.base import errors, lazy, shape
from midwatch.commands import model as commands
from midwatch.runbook import model as runbooks
from midwatch.runs import advice, model, outside, outside_steps, values

if TYPE_CHECKING:
    from midwatch.commands import binding
    from midwatch.runs import no_terminal, script_calls
else:
    binding = lazy.module("midwatch.commands.binding")
    no_terminal = lazy.module("midwatch.runs.no_terminal")
    script_calls = lazy.module("midwatch.runs.script_calls")

Judge = Callable[[str], commands.Judgement]
SECRET_VARIABLE = "MIDWATCH_INPUT_{}"  # noqa: S105  (the name of a variable)


@shape.frozen
class Request:
    """What is to be planned."""

    runbook: runbooks.Runbook
    procedure: runbooks.Procedure
    target: str
    given: Mapping[str, str]
    environment: Mapping[str, str]
    folder: Path
    scripts_folder: Path
    judge: Judge
    """What a text does once its inputs are bound."""
    open_inputs: frozenset[str] = frozenset()
    """Inputs that nobody gave: their steps are left to a person."""
    outside: outside.Outside = dataclasses.field(default_factory=outside.Nothing)
    """What the target offers to steps that are no shell."""


@shape.frozen
class Inputs:
    """What the inputs of a procedure were given, and which are missing."""

    values: Mapping[str, str]
    missing: tuple[runbooks.Input, ...]


def steps_of(procedure: runbooks.Procedure) -> tuple[runbooks.Step, ...]:
    """The steps of a run; the way back is not walked unless the procedure is nothing else."""
    forward = tuple(step for step in procedure.steps if step.phase is not runbooks.Phase.UNDO)
    return forward or procedure.steps


NOTHING = outside.Nothing()


def inputs_of(
    steps: Sequence[runbooks.Step], target: outside.Outside = NOTHING
) -> dict[str, runbooks.Input]:
    """The inputs of steps that a machine carries out, each once."""
    found: dict[str, runbooks.Input] = {}
    for step in steps:
        if not _by_person(step, target):
            for each in step.inputs:
                found.setdefault(each.name, each)
    return found


def inputs(
    wanted: Mapping[str, runbooks.Input], given: Mapping[str, str], environment: Mapping[str, str]
) -> Inputs:
    """Each input's value: the one given, else the environment's, else the document's default."""
    found: dict[str, str] = {}
    missing = []
    for name, each in wanted.items():
        value = given.get(name)
        if value is None and each.environment:
            value = environment.get(name)
        if value is None:
            value = each.default
        if value is None:
            missing.append(each)
            continue
        reason = values.problem(each, value) if name in given else ""
        if reason:
            raise errors.UserError(
                f"The value of {name} does not fit: {reason}.",
                f"The runbook asks for it at line {each.line}, as {each.text}.",
            )
        found[name] = value
    return Inputs(found, tuple(missing))


def make(request: Request) -> model.Plan:
    """The plan, or a sentence that says why it cannot be."""
    procedure, runbook = request.procedure, request.runbook
    steps = steps_of(procedure)
    wanted = inputs_of(steps, request.outside)
    found = inputs(wanted, request.given, request.environment)
    secret = {name for name in found.values if wanted[name].secret}
    shown = {name: model.MASK if name in secret else value for name, value in found.values.items()}
    planner = _Planner(request, found.values, wanted, _scripts(request))
    return model.Plan(
        runbook=runbook.path,
        runbook_digest=runbook.digest,
        procedure=procedure.id,
        title=procedure.title,
        target=request.target,
        steps=tuple(planner.step(index, step) for index, step in enumerate(steps)),
        folder=str(request.folder),
        severity=procedure.severity,
        recovery_target=procedure.recovery_target,
        cautions=procedure.cautions,
        inputs=shown,
        variables={
            name: value
            for name, value in found.values.items()
            if wanted[name].environment and name not in secret
        },
        secrets={_variable(wanted[name]): name for name in secret},
        scripts={script.name: script.text for script in runbook.scripts},
        undo_steps=tuple(
            step.text.strip() or step.title for step in procedure.steps if step not in steps
        ),
    )


def _variable(wanted: runbooks.Input) -> str:
    """The variable that carries a secret input to the steps."""
    if wanted.environment:
        return wanted.name
    plain = "".join(each if each.isalnum() else "_" for each in wanted.name)
    return SECRET_VARIABLE.format(plain.upper())


def _scripts(request: Request) -> dict[str, Path]:
    return {script.name: request.scripts_folder / script.name for script in request.runbook.scripts}


@shape.frozen
class _Planner:
    request: Request
    values: Mapping[str, str]
    wanted: Mapping[str, runbooks.Input]
    scripts: Mapping[str, Path]

    def step(self, index: int, step: runbooks.Step) -> model.PlannedStep:
        """The step with its values, and all that a person should know of it."""
        target = self.request.outside
        by_person = _by_person(step, target) or self.unfilled(step)
        if not by_person and outside_steps.is_one(step, target):
            holes = [self.hole(slot) for slot in step.slots]
            return outside_steps.planned(index, step, target, holes=holes, digest=self.digest)
        bound = None if by_person else self.bound(step)
        by_person = by_person or (UNREADABLE if bound is None else "")
        text = step.text if bound is None else bound
        judged = self.judged(step, text)
        found = [each.command for each in step.commands]
        told = self.told(step, found, filled=bound is not None)
        carrier = model.Carrier.PERSON if by_person else model.Carrier.SHELL
        if step.kind is runbooks.Kind.SCRIPT:
            carrier = model.Carrier.FILE
        return model.PlannedStep(
            index=index,
            line=step.line,
            title=step.title or _first_line(step.text),
            phase=step.phase.value,
            kind=step.kind.value,
            language=step.language,
            text=text,
            effect=judged.effect,
            carrier=carrier,
            digest=self.digest(text),
            traits=judged.traits,
            why=judged.why,
            by_person=by_person,
            tools=tuple(" ".join((each.tool, *each.path)) for each in found if each.tool),
            touches=told.touches,
            look_first=told.look_first,
            looks=advice.looks(told.look_first, judged.effect, self.request.judge),
            undo=told.undo,
            records=advice.recordable(told.records, judged.effect, self.request.judge),
            fine_exits=dict(found[-1].fine_exits) if found else {},
            choice=step.choice,
            option=step.option,
            condition=step.condition,
            expected=tuple(each.text for each in step.expected),
            outputs=tuple(each.text for each in step.expected if each.literal),
            cautions=(*step.cautions, *((step.unclear,) if step.unclear else ())),
            file_name=step.file_name,
            captures=tuple(sorted(step.captures)),
            reveals=step.reveals,
        )

    def unfilled(self, step: runbooks.Step) -> str:
        missing = [each.text for each in step.inputs if each.name not in self.values]
        if not missing:
            return ""
        return f"Nobody said what {', '.join(missing)} is: a person fills it in and does it."

    def bound(self, step: runbooks.Step) -> str | None:
        """The text with its values in place, the document's scripts where they lie, no terminal.

        Nothing where the text, placeholders and all, is no shell.
        """
        holes = self.holes(step)
        text = self.filled(step, holes) if holes else step.text
        if text is None:
            return None
        self.check_variables(step)
        if any(name in text for name in self.scripts):
            text = script_calls.redirected(text, self.scripts, self.request.folder)
        if step.kind is runbooks.Kind.SHELL and commands.Trait.INTERACTIVE not in step.traits:
            text = no_terminal.without(text)
        return text

    def told(
        self, step: runbooks.Step, found: Sequence[commands.Command], *, filled: bool
    ) -> advice.Advice:
        """What is told of the step before it is approved, with the values that it gets."""
        told = advice.of(found)
        return advice.filled(told, step.text, self.holes(step)) if filled else told

    def holes(self, step: runbooks.Step) -> list[binding.Hole]:
        """The places of the step that are written before it runs."""
        slots = [slot for slot in step.slots if not self.wanted[slot.input].environment]
        return [self.hole(slot) for slot in slots]

    def hole(self, slot: runbooks.Slot) -> binding.Hole:
        """One place of the text, with what goes in."""
        wanted = self.wanted[slot.input]
        variable = _variable(wanted) if wanted.secret else None
        return binding.Hole(slot.start, slot.end, slot.input, self.values[slot.input], variable)

    def filled(self, step: runbooks.Step, holes: Sequence[binding.Hole]) -> str | None:
        """The text with values in its holes, or the sentence why that cannot be."""
        bound = binding.bind(step.text, holes)
        if isinstance(bound, binding.Bound):
            return bound.text
        if bound.unreadable:
            return None
        who = f"The value of {bound.name}" if bound.name else "A value"
        raise errors.UserError(
            f"{who} cannot go into line {step.line} ({step.title}): {bound.reason}.",
            "Give another value, or carry that step out by hand.",
        )

    def check_variables(self, step: runbooks.Step) -> None:
        """A value that reaches the step as a variable must not become words or program text."""
        for each in step.inputs:
            if not each.environment or each.name not in self.request.given:
                continue
            value = self.values[each.name]
            reason = binding.variable_refusal(step.text, each.name, value)
            if reason:
                raise errors.UserError(
                    f"The value of {each.name} cannot go into line {step.line} ({step.title}): "
                    f"{reason}.",
                    "Give another value, or carry that step out by hand.",
                )

    def judged(self, step: runbooks.Step, text: str) -> commands.Judgement:
        """What the text does: with values in it, it is judged anew, and the worse one counts."""
        before = commands.Judgement(step.effect, step.why, step.traits)
        if text == step.text or step.kind is not runbooks.Kind.SHELL:
            return before
        return outside_steps.worse(before, self.request.judge(text))

    def digest(self, text: str) -> str:
        """What an approval is bound to."""
        hidden = {
            name: hashlib.sha256(value.encode("utf-8", "surrogateescape")).hexdigest()
            for name, value in self.values.items()
        }
        told = [self.request.runbook.digest, text, hidden, self.request.target]
        return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def _first_line(text: str) -> str:
    return text.strip().partition("\n")[0][:72]


UNREADABLE = "It cannot be read as shell: a person makes sense of it and does it."


def _by_person(step: runbooks.Step, target: outside.Outside) -> str:
    """Why a person carries the step out; nothing where Midwatch does."""
    if step.kind is runbooks.Kind.MANUAL:
        return model.BY_HAND
    if outside_steps.is_one(step, target):
        return target.by_hand(step)
    if step.context:
        return f"It belongs elsewhere ({step.context}): a person carries it there."
    return ""


def check_names(
    given: Mapping[str, str], wanted: Mapping[str, runbooks.Input], procedure: str
) -> None:
    """Every name that was given a value is an input of the procedure."""
    for name in given:
        if name in wanted:
            continue
        near = difflib.get_close_matches(name, list(wanted), n=1)
        hint = f"Its inputs: {', '.join(wanted)}." if wanted else "It has no inputs."
        raise errors.UserError(
            f"{procedure} has no input “{name}”.", f"Did you mean {near[0]}?" if near else hint
        )


def needed(
    procedure: runbooks.Procedure,
    missing: Sequence[runbooks.Input],
    chosen: frozenset[str],
    *,
    attended: bool,
) -> tuple[runbooks.Input, ...]:
    """Of the missing inputs those without which the run would stand still."""
    if attended:
        return tuple(missing)
    names = {
        each.name
        for step in steps_of(procedure)
        if _may_run(step, procedure, chosen)
        for each in step.inputs
    }
    return tuple(each for each in missing if each.name in names)


def _may_run(step: runbooks.Step, procedure: runbooks.Procedure, chosen: frozenset[str]) -> bool:
    """Whether an unattended run could come to this step."""
    if step.choice is not None and step.option is not None:
        options = [each.option or "" for each in procedure.steps if each.choice == step.choice]
        named = [option for option in options if option.lower() in chosen]
        if step.option != (named or options)[0]:
            return False
    reads = step.effect is commands.Effect.READ
    return step.condition is None or reads or step.condition.lower() in chosen
