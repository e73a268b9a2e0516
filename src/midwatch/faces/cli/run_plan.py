"""The plan as a screen: what will run, where, what it does, and the way back."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from rich import cells, console, text

from midwatch.base import counted
from midwatch.commands import model as commands
from midwatch.faces.cli import marks
from midwatch.runbook import model as runbooks
from midwatch.runs import advice, model

INDENT = "     "
HEAD = re.compile(r" *(?:\d+  \S [a-z]+ +|· )?")
"""What stands before the words of a line: their indent, a step's number and mark."""
MARKUP = re.compile(r"[*_`]")
PROSE = "text"
FACT_COLUMN = 14
SHORTEST = 20
LONGEST = 40
"""Lines of one command that are shown; the rest is counted."""


def show(screen: console.Console, plan: model.Plan, proof: str = "") -> None:
    """Print the whole plan, and when the procedure last worked, where that is on record."""
    for line in (*_head(plan), *([_fact("proof", proof, "green")] if proof else [])):
        put(screen, line, FACT_COLUMN)
    for phase, steps in itertools.groupby(plan.steps, key=lambda step: step.phase):
        screen.print()
        screen.print(text.Text(phase, style="bold italic"))
        for step in steps:
            for line in _step(plan, step):
                put(screen, line)
    screen.print()
    put(screen, _totals(plan))


def put(screen: console.Console, line: text.Text, column: int | None = None) -> None:
    """Print a line; on a terminal what is too long goes on under its own beginning.

    A command is never broken: it may be copied, and a pipe has one line for each.
    """
    head = HEAD.match(line.plain)
    start = column or (head.end() if head else 0)
    if line.no_wrap or not screen.is_terminal or line.cell_len <= screen.width:
        screen.print(line, soft_wrap=True)
        return
    first, *others = _broken(line[start:], max(screen.width - start, SHORTEST))
    screen.print(text.Text.assemble(line[:start], first), soft_wrap=True)
    for each in others:
        screen.print(text.Text.assemble(" " * start, each), soft_wrap=True)


def _broken(words: text.Text, width: int) -> list[text.Text]:
    """The words in lines of that width; one that is longer, such as an address, stays whole."""
    breaks: list[int] = []
    begin = 0
    for word in re.finditer(r"\S+", words.plain):
        if word.start() > begin and cells.cell_len(words.plain[begin : word.end()]) > width:
            begin = word.start()
            breaks.append(begin)
    lines = list(words.divide(breaks))
    for each in lines:
        each.rstrip()
    return lines


def _head(plan: model.Plan) -> Iterator[text.Text]:
    yield text.Text(plan.title, style="bold")
    runbook = _fact("runbook", f"{plan.runbook}#{plan.procedure}")
    runbook.no_wrap = True
    yield runbook
    yield _fact("target", plan.target, "bold cyan")
    if plan.severity:
        yield _fact("severity", plan.severity, "red")
    if plan.recovery_target:
        yield _fact("recover in", plan.recovery_target)
    for name, value in plan.inputs.items():
        yield _fact(name, value, "cyan")
    for caution in plan.cautions:
        yield _fact("caution", caution, "yellow")


def _fact(name: str, value: str, style: str = "") -> text.Text:
    line = text.Text(f"  {name:<11} ", style="dim")
    return line.append(value, style=style or "default")


def _step(plan: model.Plan, step: model.PlannedStep) -> Iterator[text.Text]:
    line = text.Text(f"{step.index + 1:>3}  ")
    line.append_text(marks.planned(step))
    line.append(f" {step.title}")
    line.append(f"  line {step.line}", style="dim")
    yield line
    if step.condition:
        yield _note(f"only if: {step.condition}", "cyan")
    if step.choice and step.option:
        yield _note(_way(plan, step), "cyan")
    if step.carrier is model.Carrier.FILE:
        yield _note("saved for this run; what calls it is asked about", "dim")
        return
    if not is_said(step):
        yield from command(step)
    if step.carrier is not model.Carrier.PERSON:
        yield from reasons(plan, step)
    elif step.by_person != model.BY_HAND:
        yield _note(step.by_person, "dim")


def _way(plan: model.Plan, step: model.PlannedStep) -> str:
    """That it is one of several ways, by its name where the title does not say it."""
    ways = {each.option for each in plan.steps if each.choice == step.choice}
    named = "" if step.option in {step.title, step.text.strip()} else f": {step.option}"
    return f"one of {len(ways)} ways{named}" if len(ways) > 1 else f"one way{named}"


def is_said(step: model.PlannedStep) -> bool:
    """Whether the title says all that the text says."""
    said, title = (" ".join(MARKUP.sub("", each).split()) for each in (step.text, step.title))
    if step.condition:
        said = said.replace(f"if {step.condition}", "").replace(f"If {step.condition}, ", "")
    return said.strip(" .:,").lower() == title.strip(" .:,").lower()


def command(step: model.PlannedStep) -> Iterator[text.Text]:
    """The exact words, each line under the other; prose in its paragraphs."""
    if step.language == PROSE:
        for paragraph in re.split(r"\n\s*\n", step.text.strip()):
            yield text.Text(f"{INDENT}{' '.join(paragraph.split())}", style="bold")
        return
    lines = step.text.rstrip("\n").splitlines()
    for line in lines[:LONGEST]:
        yield text.Text(f"{INDENT}{line}", style="bold", no_wrap=True)
    if len(lines) > LONGEST:
        yield _note(f"… and {len(lines) - LONGEST} more lines", "dim")


def reasons(plan: model.Plan, step: model.PlannedStep) -> Iterator[text.Text]:
    """Why it has that effect, what it touches, and how it is taken back."""
    told = _traits(step)
    if told and step.kind != runbooks.Kind.WAIT:
        yield _note(told, "dim")
    for caution in step.cautions:
        yield _note(f"caution: {caution}", "yellow")
    if step.effect is commands.Effect.READ:
        return
    yield _note(f"{step.effect} on {plan.target}: {step.why}", "dim")
    if step.touches:
        yield _note(f"touches: {', '.join(step.touches)}", "dim")
    back = step.phase == runbooks.Phase.UNDO
    for undo in ways_back(step) or (() if back else ("no way back is known",)):
        yield _note(f"undo: {undo}", "dim")


def _traits(step: model.PlannedStep) -> str:
    """What else a person should know, in words that need no manual."""
    told = [TRAITS.get(trait, trait.value) for trait in commands.Trait if trait in step.traits]
    if step.reveals:
        read = step.effect is commands.Effect.READ
        told.append("prints a secret, " + ("neither shown nor kept" if read else "shown, not kept"))
    elif commands.Trait.REVEALS_SECRET in step.traits and not step.captures:
        told.append("names a secret; its value is shown as ******")
    return "; ".join(each for each in told if each)


TRAITS = {
    commands.Trait.ENDLESS: "never ends by itself: shown for a while, then stopped",
    commands.Trait.INTERACTIVE: "wants your keyboard",
    commands.Trait.IRREVERSIBLE: "does not come back",
    commands.Trait.DISRUPTIVE: "interrupts those who use it",
    commands.Trait.REVEALS_SECRET: "",
    commands.Trait.LOCAL: "",
    commands.Trait.REMOTE: "",
}


def ways_back(step: model.PlannedStep) -> list[str]:
    """What takes it back; what is only known when it runs is told as that."""
    recorded = {each.instead_of: each.restore for each in step.records}
    found = [recorded.get(each, each) for each in step.undo]
    found += [each.restore for each in step.records if not each.instead_of]
    return [_later(each) for each in found]


def _later(way: str) -> str:
    """The way back as far as it is known, and what is written down right before the step."""
    file = "recorded right before" if advice.is_sentence(way) else "“its copy”"
    return way.replace("{recorded}", "“as it was”").replace("{record_file}", file)


def _note(words: str, style: str) -> text.Text:
    return text.Text(f"{INDENT}{words}", style=style)


def _totals(plan: model.Plan) -> text.Text:
    others = {model.Carrier.PERSON, model.Carrier.FILE}
    machine = [step for step in plan.steps if step.carrier not in others]
    saved = sum(1 for step in plan.steps if step.carrier is model.Carrier.FILE)
    people = len(plan.steps) - len(machine) - saved
    counts = [
        f"{sum(1 for step in machine if step.effect is effect)} {effect}"
        for effect in commands.Effect
        if any(step.effect is effect for step in machine)
    ]
    if saved:
        counts.append(f"{saved} {'script' if saved == 1 else 'scripts'} to save")
    if people:
        counts.append(f"{people} by a person")
    line = text.Text(
        f"{counted.of(len(plan.steps), 'step')}: {', '.join(counts) or 'none'}.", style="bold"
    )
    if plan.undo_steps:
        line.append(f" The document's way back has {len(plan.undo_steps)} more.", style="dim")
    return line
