"""What one tool does with the arguments given: its entry, its conditions, what it runs inside."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from midwatch.commands import entries, given, inside, judging, matching, model, words
from midwatch.commands.analysers import registry

PLAIN = {
    model.Effect.READ: "only looks",
    model.Effect.CHANGE: "changes something",
    model.Effect.DESTROY: "loses something for good",
    model.Effect.UNKNOWN: "what it does is not known",
}


@dataclasses.dataclass(frozen=True, slots=True)
class Judged:
    """The verdict on a tool's arguments, with what the entry says of them."""

    verdict: judging.Verdict
    found: given.Given
    result: entries.Result


def judge(
    tool: entries.Tool,
    arguments: Sequence[words.Argument],
    supply: judging.Supply | None,
    judge: judging.Judge,
) -> Judged:
    """Judge a tool by its knowledge entry; the first argument is its name."""
    found = given.sort(tool, arguments[1:])
    decision = matching.decide(found)
    part = _part(tool, found, arguments, supply, judge)
    effect, traits, why = decision.effect, decision.traits, decision.why
    commands: tuple[model.Command, ...] = ()
    if part is not None:
        commands = part.inside
        traits |= part.traits
        if not decision.matched or model.RANK[part.effect] >= model.RANK[effect]:
            effect, why = part.effect, part.why or why
    raised = matching.raised(found, effect)
    if raised:
        traits |= raised.traits
        if model.RANK[raised.effect] > model.RANK[effect]:
            effect, why = raised.effect, raised.why
    label = " ".join((tool.name, *found.entry.path))
    reason = f"{label}: {why or PLAIN[effect]} ({tool.source})"
    verdict = judging.Verdict(effect, reason, judging.settled(effect, traits), commands)
    return Judged(verdict, found, _result(found, decision))


def _part(
    tool: entries.Tool,
    found: given.Given,
    arguments: Sequence[words.Argument],
    supply: judging.Supply | None,
    judge: judging.Judge,
) -> judging.Verdict | None:
    """What it runs inside, or what the analyser of its own grammar says."""
    if tool.analyser:
        analyse = registry.ANALYSERS.get(tool.analyser)
        if analyse is None:
            return judging.unknown(f"there is no analyser called {tool.analyser}")
        return analyse(found, arguments, supply, judge)
    if not found.entry.inside:
        return None
    span = model.Span(arguments[0].span.start, arguments[-1].span.end)
    return inside.verdict(found, supply, judge, span)


def _result(found: given.Given, decision: matching.Decision) -> entries.Result:
    """Templates of the condition that held, else of the entry."""
    base, over = found.entry.result, decision.result
    return dataclasses.replace(
        over,
        target=over.target or base.target,
        look_first=over.look_first or base.look_first,
        undo=over.undo or base.undo,
        fine_exits=over.fine_exits or base.fine_exits or found.tool.root.result.fine_exits,
    )
