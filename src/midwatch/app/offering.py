"""Values for the inputs that a person is asked for, from live read-only queries."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping

from midwatch.app import documents, outsides, running
from midwatch.commands import model as commands
from midwatch.plugs.steps import listing
from midwatch.runbook import model as runbooks
from midwatch.runs import offers, plan, secrets

SECONDS = 5.0
"""Nobody waits longer for a list."""


@dataclasses.dataclass(frozen=True, slots=True)
class Offered:
    """The values there are, and where they come from."""

    command: str
    values: tuple[offers.Offer, ...]


Offering = Callable[[runbooks.Input, Mapping[str, str]], Offered | None]


def of(prepared: running.Prepared) -> Offering:
    """What is offered for an input, once the values given so far are known."""
    target = outsides.of(prepared.addresses, prepared.procedure)
    inputs = plan.inputs_of(plan.steps_of(prepared.procedure), target)
    judge = documents.judging(prepared.runbook)
    environment = prepared.environment
    masker = secrets.Masker(environment.secret.values())

    def offered(wanted: runbooks.Input, given: Mapping[str, str]) -> Offered | None:
        known = {**plan.inputs(inputs, prepared.wish.given, environment.all).values, **given}
        command = offers.command(wanted, inputs, known)
        if command is None or judge(command).effect is not commands.Effect.READ:
            return None
        printed = listing.printed(command, environment.all, prepared.folder, SECONDS)
        found = offers.read(masker.text(printed or ""), wanted)
        return Offered(command, found) if found else None

    return offered
