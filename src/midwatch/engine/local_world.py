"""What the local engine needs from whoever puts it together."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from midwatch.base import clock, shape
from midwatch.plugs.steps import driver
from midwatch.runs import decide, events, journal, model, questions, secrets


class Person(Protocol):
    """Whoever sits at the terminal."""

    def answer(self, question: questions.Question) -> questions.Said:
        """What they say; `Interrupted` when they leave, `Waiting` when they are gone."""

    def hurried(self) -> bool:
        """Whether they just said not to wait any longer."""


class Listener(Protocol):
    """Whoever shows what happens."""

    def happened(self, recorded: events.Recorded) -> None:
        """Something was written down."""

    def printed(self, data: bytes) -> None:
        """The step printed this, secrets masked; nothing, where it goes on in silence."""

    def noticed(self, sentence: str) -> None:
        """Something worth saying that is no event of its own."""


class Interruption:
    """How often a person asked to leave, and whether the terminal is gone."""

    def __init__(self) -> None:
        self.count = 0
        self.gone = False
        self.why = "a person asked to leave"

    def ask(self) -> None:
        """Somebody pressed Ctrl-C."""
        self.count += 1

    def lose(self, why: str = "the terminal went away") -> None:
        """Nobody is there any more: leave, but let the step go on."""
        self.why = why
        self.gone = True


class Nobody:
    """Who answers where nobody is there: never called, as the run waits instead."""

    def answer(self, question: questions.Question) -> events.Event:
        """Wait for somebody."""
        return events.Waiting(question.step.index, questions.sentence(question))

    def hurried(self) -> bool:
        """Nobody presses anything."""
        return False


@shape.frozen
class World:
    """Everything outside one run."""

    journal: journal.Journal
    folder: Path
    """Where this run's files lie."""
    clock: clock.Clock
    person: Person
    listener: Listener
    setting: decide.Setting
    interruption: Interruption
    masker: secrets.Masker
    environment: Mapping[str, str]
    """What every step finds in its environment, secrets included."""
    secret_values: Mapping[str, str]
    """Those variables of it whose values are never written down."""
    last_request: int = 0
    addresses: Mapping[str, str] = dataclasses.field(default_factory=dict)
    """Where the target's databases and servers are, passwords included."""


def first_state(plan: model.Plan) -> str:
    """What brings the first step's shell to where the run begins."""
    if plan.shell:
        return plan.shell
    folder = plan.folder.replace("'", "'\\''")
    return f"cd -- '{folder}' || exit {driver.LOST_FOLDER}\nunset -v OLDPWD\n:\n"
