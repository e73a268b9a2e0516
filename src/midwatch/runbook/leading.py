"""Which procedure an alert's own text leads to: the first link in it that reaches one."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from midwatch.runbook import model


def lead(
    rules: Sequence[model.Rule],
    links: Sequence[model.Link],
    procedures: Sequence[model.Procedure],
    headings: Sequence[model.Heading],
) -> tuple[model.Rule, ...]:
    """The rules, each with the procedure that it stands in or links to."""
    known = {each.id for each in procedures}
    borders = sorted({*(rule.line for rule in rules), *(each.line for each in headings)})
    led = []
    for rule in rules:
        end = next((line for line in borders if line > rule.line), None)
        inside = (
            link.href.removeprefix("#")
            for link in links
            if link.line >= rule.line and (end is None or link.line < end)
        )
        target = next((anchor for anchor in inside if anchor in known), None)
        if rule.procedure is None and target is not None:
            led.append(dataclasses.replace(rule, procedure=target))
        else:
            led.append(rule)
    return tuple(led)
