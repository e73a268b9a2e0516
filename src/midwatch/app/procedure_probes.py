"""Procedures that are probes: only those that look from the first step to the last."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from midwatch.alerts import procedure_probes
from midwatch.app import regular_settings, running, serve_settings, settings
from midwatch.base import errors
from midwatch.guards import model as guards
from midwatch.runbook import model as runbooks
from midwatch.runs import diagnosing, model

LONGEST = 60


class NoLookError(errors.UserError):
    """The procedure does not only look."""


def require(found: settings.Settings, folder: Path) -> None:
    """Refuse probes that could not look by themselves: when they are due it is too late."""
    regular = found.regular or regular_settings.Regular()
    for each in regular.procedure_probes:
        name = each.probe.name
        try:
            of(found, each, folder)
        except errors.MidwatchError as error:
            raise errors.UserError(f"[probes.{name}]: {error.message}", error.hint) from error


def of(
    found: settings.Settings, each: procedure_probes.ProcedureProbe, folder: Path
) -> running.Prepared:
    """The look of a probe as it would be carried out now."""
    target = each.target or (found.serve or serve_settings.Serve()).target
    if not target:
        raise errors.UserError(
            "nobody says where it looks.", 'Name it: target = "production", here or in [serve].'
        )
    wish = running.Wish(
        address=str(folder / each.address),
        target=target,
        given=each.inputs,
        may=guards.May.READ,
        asked_by="",
    )
    return narrow(running.prepare(wish))


def narrow(prepared: running.Prepared) -> running.Prepared:
    """The procedure as a look; told where something of it is for a person, or changes something."""
    missing = {each.name for each in prepared.missing}
    inputs = {each.name for step in prepared.procedure.steps for each in step.inputs}
    look = diagnosing.looking(prepared.procedure, inputs - missing)
    for line, why in look.left:
        raise _no_look(prepared, line, why)
    narrowed = dataclasses.replace(prepared, procedure=look.procedure, missing=())
    for step in running.preview(narrowed, prepared.wish.given).steps:
        if step.carrier is model.Carrier.PERSON:
            why = step.by_person.rstrip(".") or "it is for a person"
            raise _no_look(prepared, step.line, why[0].lower() + why[1:])
    return narrowed


def _no_look(prepared: running.Prepared, line: int, why: str) -> NoLookError:
    procedure = prepared.procedure
    step = next((each for each in procedure.steps if each.line == line), None)
    shown = f" ({_shown(step)})" if step else ""
    address = f"{Path(prepared.runbook.path).name}#{procedure.id}"
    return NoLookError(
        f"{address} does not only look: line {line}{shown}: {why}.",
        "Name a procedure of which each step only reads, and needs nobody.",
    )


def _shown(step: runbooks.Step) -> str:
    first = step.text.strip().partition("\n")[0]
    return first if len(first) <= LONGEST else f"{first[: LONGEST - 1]}…"
