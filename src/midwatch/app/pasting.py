"""A procedure as somebody pastes it: its shell blocks in their order, whatever they say."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from midwatch.runbook import model as runbooks
from midwatch.runs import plan


@dataclasses.dataclass(frozen=True, slots=True)
class Pasted:
    """The text that goes into the shell, and the variables that were set before."""

    text: str
    variables: Mapping[str, str]


def of(
    runbook: runbooks.Runbook, procedure: runbooks.Procedure, given: Mapping[str, str]
) -> Pasted:
    """Its blocks without the way back; placeholders are filled in as a person would."""
    steps = [each for each in plan.steps_of(procedure) if each.kind is runbooks.Kind.SHELL]
    lines = {each.fence_line for each in steps if each.fence_line}
    text = "\n".join(
        block.text.rstrip("\n")
        for block in runbook.blocks
        if block.procedure == procedure.id and block.line in lines
    )
    variables: dict[str, str] = {}
    for step in steps:
        for each in step.inputs:
            value = given.get(each.name, each.default)
            if value is None:
                continue
            if each.environment:
                variables[each.name] = value
            else:
                text = text.replace(each.text, value)
    return Pasted(text + "\n", variables)
