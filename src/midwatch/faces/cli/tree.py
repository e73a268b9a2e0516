"""A runbook as a tree: procedure, phase, step, effect, inputs, and what is unclear."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from rich import console, table, text
from rich import tree as rich_tree

from midwatch.base import lazy
from midwatch.commands import model as commands
from midwatch.faces.cli import beside, marks
from midwatch.runbook import model

if TYPE_CHECKING:
    from midwatch.plugs.steps import wait as waits
else:
    waits = lazy.module("midwatch.plugs.steps.wait")


def whole(
    runbook: model.Runbook, proofs: Mapping[tuple[str, str], str] | None = None
) -> console.Group:
    """Everything: each procedure with its steps, then the facts of the document.

    Where one is on record, its proof stands below its title.
    """
    tree = rich_tree.Tree(heading(runbook), guide_style="dim")
    for procedure in runbook.procedures:
        branch = tree.add(title(procedure))
        proof = (proofs or {}).get((runbook.path, procedure.id))
        if proof:
            branch.add(text.Text(f"proof: {proof}", style="green"))
        for line in facts(procedure):
            branch.add(line)
        for phase, steps in itertools.groupby(procedure.steps, key=lambda step: step.phase):
            phase_branch = branch.add(text.Text(phase.value, style="italic"))
            add_steps(phase_branch, list(steps))
    return console.Group(tree, *appendix(runbook))


def overview(runbook: model.Runbook) -> console.Group:
    """One line a procedure: its worst effect, its name, its steps, its inputs."""
    grid = table.Table(box=None, pad_edge=False, header_style="dim")
    for name in ("worst", "line", "procedure", "steps", "inputs"):
        grid.add_column(name, justify="right" if name in {"line", "steps"} else "left")
    for procedure in runbook.procedures:
        worst = commands.worst(step.effect for step in procedure.steps)
        names = dict.fromkeys(slot.name for step in procedure.steps for slot in step.inputs)
        grid.add_row(
            marks.effect(worst),
            text.Text(str(procedure.line), style="dim"),
            text.Text(procedure.id),
            str(len(procedure.steps)),
            text.Text(", ".join(names), style="cyan"),
        )
    return console.Group(heading(runbook), grid)


def heading(runbook: model.Runbook) -> text.Text:
    """The document's title, its path, and how much is in it."""
    steps = sum(len(procedure.steps) for procedure in runbook.procedures)
    line = text.Text(runbook.title or runbook.path, style="bold")
    line.append(f"  {runbook.path}", style="dim")
    line.append(f"  {count(len(runbook.procedures), 'procedure')}, {count(steps, 'step')}")
    return line


def count(number: int, noun: str) -> str:
    """`1 step`, `2 steps`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def title(procedure: model.Procedure) -> text.Text:
    """A procedure's heading, the id to run it by, its severity and its recovery target."""
    line = text.Text(procedure.title, style="bold")
    line.append(f"  #{procedure.id}", style="cyan")
    line.append(f"  line {procedure.line}", style="dim")
    if procedure.severity:
        line.append(f"  {procedure.severity}", style="red")
    if procedure.recovery_target:
        line.append(f"  recover in {procedure.recovery_target}", style="dim")
    return line


def facts(procedure: model.Procedure) -> Iterator[text.Text]:
    """What the document says around the steps: symptoms, cautions, branches."""
    if procedure.symptoms:
        yield text.Text("symptoms: " + "; ".join(procedure.symptoms), style="dim")
    for caution in procedure.cautions:
        yield text.Text(f"caution: {caution}", style="yellow")
    for decision in procedure.decisions:
        yield text.Text(f"{decision.condition} → {decision.action}", style="dim")


def add_steps(branch: rich_tree.Tree, steps: list[model.Step]) -> None:
    """Put steps under a phase; alternatives stand together under one line."""
    for choice, group in itertools.groupby(steps, key=lambda step: step.choice):
        members = list(group)
        options = list(dict.fromkeys(step.option or "" for step in members))
        if choice is None or len(options) == 1:
            under = branch
        else:
            under = branch.add(text.Text(f"one of {len(options)}:", style="italic cyan"))
        for _, titled in itertools.groupby(members, key=lambda step: (step.title, step.option)):
            under.add(titled_lines(list(titled), show_option=under is not branch))


def titled_lines(steps: list[model.Step], *, show_option: bool) -> console.Group:
    """The steps under one title: what each does, its text, what a person must know of it."""
    rows: list[console.RenderableType] = list(heads(steps[0], show_option=show_option))
    for step in steps:
        left = text.Text.assemble(sign(step), f" {step.line:>{LINE_WIDTH}} ")
        left.stylize("dim", marks.WIDTH)
        rows += [beside.Beside(left, [*body(step), *notes(step)])]
    return console.Group(*rows)


MARKUP = re.compile(r"[*_`]")


def heads(step: model.Step, *, show_option: bool) -> Iterator[text.Text]:
    """What stands above a step: its title, which alternative it is, when it is done at all."""
    said = " ".join(MARKUP.sub("", step.text).lower().split())
    line = text.Text(style="italic")
    if not said.startswith(step.title.lower().rstrip(" …")):
        line.append(step.title)
        said += step.title.lower()
    if show_option and step.option and step.option.lower() not in said:
        line.append(f"  option: {step.option}", style="cyan")
    if step.condition and step.condition.lower() not in said:
        line.append(f"  if {step.condition}", style="cyan")
    if line:
        yield line


LINE_WIDTH = 4
"""Room for a line number, so that the commands of a procedure stand under each other."""


BY_A_PERSON = frozenset({model.Kind.MANUAL, model.Kind.WAIT})


def sign(step: model.Step) -> text.Text:
    """What Midwatch would carry out does, or that it waits, or that a person carries it out."""
    if step.kind is model.Kind.WAIT and waits.seconds(step.text) is not None:
        return marks.wait()
    if step.kind in BY_A_PERSON:
        return marks.person()
    return marks.effect(step.effect)


SHOWN_LINES = 12
"""A long script is shown by its first lines; the file has the rest."""


def body(step: model.Step) -> list[text.Text]:
    """The step's own text, its inputs coloured where they stand."""
    whole_text = text.Text(step.text)
    for slot in step.slots:
        whole_text.stylize("cyan bold", slot.start, slot.end)
    lines = list(whole_text.split("\n"))
    if len(lines) > SHOWN_LINES:
        left = len(lines) - SHOWN_LINES
        lines = [*lines[:SHOWN_LINES], text.Text(f"… {count(left, 'more line')}", style="dim")]
    return lines


def notes(step: model.Step) -> Iterator[text.Text]:
    """Place, traits, expectation and doubt, each only where there is one."""
    if step.context:
        yield text.Text(f"where: {step.context}", style="cyan")
    if step.file_name:
        yield text.Text(f"file: {step.file_name}", style="cyan")
    told = marks.traits(step.traits)
    if told and step.kind is not model.Kind.WAIT:
        yield told
    for expectation in step.expected:
        yield text.Text(f"expect: {expectation.text}", style="green")
    doubtful = step.effect is commands.Effect.UNKNOWN and step.kind not in BY_A_PERSON
    if doubtful and step.why and not step.unclear:
        yield text.Text(f"why: {step.why}", style="magenta")
    if step.unclear:
        yield text.Text(f"unclear: {step.unclear}", style="magenta")


def appendix(runbook: model.Runbook) -> Iterator[console.RenderableType]:
    """The document's inputs, alert rules, scripts, schedules, escalation and contacts."""
    rows: list[tuple[str, int, str]] = []
    rows += [("input", each.line, described(each)) for each in runbook.inputs]
    rows += [("alert", each.line, alert(each)) for each in runbook.rules]
    rows += [("script", each.line, each.name) for each in runbook.scripts]
    rows += [("every", each.line, f"{each.every}: {each.title}") for each in runbook.schedules]
    rows += [
        ("escalate", each.line, f"{each.level}: {each.who} {each.after}".rstrip())
        for each in runbook.escalation
    ]
    rows += [
        ("contact", each.line, f"{each.role}: {each.how}" + (" (not filled in)" * each.unfilled))
        for each in runbook.contacts
    ]
    rows += [("note", each.line, each.message) for each in runbook.notes]
    kinds = max((len(kind) for kind, _, _ in rows), default=0)
    digits = max((len(str(line)) for _, line, _ in rows), default=0)
    for kind, line, told in rows:
        left = text.Text.assemble((f"{kind:<{kinds}}", "bold"), (f" {line:>{digits}} ", "dim"))
        yield beside.Beside(left, [text.Text(told)])


def described(each: model.Input) -> str:
    """An input's name, its kind, and where its values could come from."""
    parts = [each.name, f"({each.kind})"]
    if each.secret:
        parts.append("secret")
    if each.default is not None:
        parts.append(f"default {each.default}")
    if each.source:
        parts.append(f"listed by: {each.source}")
    return " ".join(parts)


def alert(rule: model.Rule) -> str:
    """A rule in one line: name, condition, how long, how severe."""
    parts = [rule.name]
    if rule.query or rule.threshold:
        parts.append(rule.query or rule.threshold or "")
    if rule.duration:
        parts.append(f"for {rule.duration}")
    if rule.severity:
        parts.append(f"[{rule.severity}]")
    return "  ".join(parts)
