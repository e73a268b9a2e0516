"""What the shell is told when somebody presses Tab."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from midwatch.base import lazy

if TYPE_CHECKING:
    from midwatch.app import completing
else:
    completing = lazy.module("midwatch.app.completing")

RESUMABLE = frozenset({"running", "waiting", "in-doubt", "interrupted", "failed", "stopped"})
STOPPABLE = frozenset({"running", "waiting", "in-doubt", "interrupted"})
Offers = list[tuple[str, str]]


def address(incomplete: str) -> Offers:
    """Runbooks and their procedures."""
    return _offers(completing.addresses(incomplete))


def target(context: typer.Context, incomplete: str) -> Offers:
    """Targets of `midwatch.toml`."""
    return _offers(completing.targets(_address(context), incomplete))


def value(context: typer.Context, incomplete: str) -> Offers:
    """Inputs of the procedure."""
    return _offers(completing.inputs(_address(context), incomplete))


def run(context: typer.Context, incomplete: str) -> Offers:
    """Runs; where only some make sense, those."""
    outcomes = {"resume": RESUMABLE, "stop": STOPPABLE}
    wanted = outcomes.get(context.info_name or "", frozenset())
    return _offers(completing.runs(incomplete, wanted))


def _address(context: typer.Context) -> str:
    """The runbook that was named before, as far as it was."""
    named = context.params.get("procedure")
    return str(named) if named else next(iter(context.args), "")


def _offers(found: list[completing.Offer]) -> Offers:
    return [(each.text, each.about) for each in found]
