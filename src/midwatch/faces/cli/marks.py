"""How an effect and its traits look in a terminal: a mark, a word and a colour together."""

from __future__ import annotations

from rich import text

from midwatch.base import shape
from midwatch.commands import model
from midwatch.runbook import model as runbooks
from midwatch.runs import model as runs


@shape.frozen
class Mark:
    """A sign that is told apart without colour, and the colour it has where there is one."""

    sign: str
    style: str


EFFECTS = {
    model.Effect.READ: Mark("○", "green"),
    model.Effect.CHANGE: Mark("▲", "yellow"),
    model.Effect.DESTROY: Mark("■", "bold red"),
    model.Effect.UNKNOWN: Mark("?", "magenta"),
}
PERSON = Mark("☐", "cyan")
WAIT = Mark("◷", "green")
SAVE = Mark("⤓", "green")
WIDTH = len("▲ unknown")


def effect(which: model.Effect) -> text.Text:
    """The mark and the word of an effect, padded so that commands line up."""
    mark = EFFECTS[which]
    return text.Text(f"{mark.sign} {which.value}".ljust(WIDTH), style=mark.style)


def person() -> text.Text:
    """The mark of something that a person does."""
    return text.Text(f"{PERSON.sign} person".ljust(WIDTH), style=PERSON.style)


def wait() -> text.Text:
    """The mark of a wait that Midwatch counts down."""
    return text.Text(f"{WAIT.sign} wait".ljust(WIDTH), style=WAIT.style)


def planned(step: runs.PlannedStep) -> text.Text:
    """The mark of a step of a run: who does it, or what it does."""
    match step.carrier:
        case runs.Carrier.PERSON:
            return person()
        case runs.Carrier.FILE:
            return text.Text(f"{SAVE.sign} save".ljust(WIDTH), style=SAVE.style)
        case runs.Carrier.OUTSIDE if step.kind == runbooks.Kind.WAIT:
            return wait()
        case _:
            return effect(step.effect)


def traits(which: frozenset[model.Trait]) -> text.Text:
    """The traits worth a word beside the effect, in a fixed order."""
    told = [trait.value for trait in model.Trait if trait in which and trait not in QUIET]
    return text.Text(" ".join(told), style="dim")


QUIET = frozenset({model.Trait.LOCAL, model.Trait.REMOTE})
"""Where a command acts is said by its target, not by a word on every line."""
