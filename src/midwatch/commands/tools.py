"""What one tool does with the arguments given: its entry, its conditions, what it runs inside."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from midwatch.base import shape
from midwatch.commands import entries, given, inside, judging, matching, model, words
from midwatch.commands.analysers import protocol, registry

RANK = model.RANK
PLAIN = {
    model.Effect.READ: "only looks",
    model.Effect.CHANGE: "changes something",
    model.Effect.DESTROY: "loses something for good",
    model.Effect.UNKNOWN: "what it does is not known",
}


@shape.frozen
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
    if _about_itself(found):
        why = f"{tool.name}: shows its own help or version ({tool.source})"
        return Judged(judging.read(why), found, entries.Result())
    decision = matching.decide(found)
    decided = decision if decision.matched else None
    part = _part(found, arguments, supply, judge, decided)
    effect, traits, why = decision.effect, decision.traits, decision.why
    commands: tuple[model.Command, ...] = ()
    if part is not None:
        commands = part.inside
        traits |= part.traits
        open_ended = effect is model.Effect.UNKNOWN or tool.analyser or part.whole
        if (open_ended and not decision.matched) or RANK[part.effect] >= RANK[effect]:
            effect, why = part.effect, part.why or why
    raised = matching.raised(found, effect)
    if raised:
        traits |= raised.traits
        if RANK[raised.effect] > RANK[effect]:
            effect, why = raised.effect, raised.why
    label = " ".join((tool.name, *found.entry.path))
    reason = f"{label}: {why or PLAIN[effect]} ({tool.source})"
    verdict = judging.Verdict(effect, reason, judging.settled(effect, traits), commands)
    return Judged(verdict, found, _result(found, decision))


def _about_itself(found: given.Given) -> bool:
    """Whether `--help` or `--version` is all that is asked of the tool or its sub-command."""
    if found.operands or found.many or found.undetermined or len(found.flags) != 1:
        return False
    flag = found.flags[0]
    return flag.name in {"--help", "--version"} and flag.value is None


def _part(
    found: given.Given,
    arguments: Sequence[words.Argument],
    supply: judging.Supply | None,
    judge: judging.Judge,
    decided: matching.Decision | None,
) -> judging.Verdict | None:
    """What it runs inside, or what the analyser of its own grammar says."""
    name = found.tool.analyser
    if name:
        analyse = registry.ANALYSERS.get(name)
        if analyse is None:
            return judging.unknown(f"there is no analyser called {name}")
        return analyse(protocol.Case(found, arguments, supply, judge))
    if not found.entry.inside:
        return None
    return inside.verdict(found, supply, judge, decided=decided)


def _result(found: given.Given, decision: matching.Decision) -> entries.Result:
    """Templates of the condition that held, else of the entry."""
    base, over = found.entry.result, decision.result
    return dataclasses.replace(
        over,
        target=over.target or base.target,
        look_first=over.look_first or base.look_first,
        undo=over.undo or base.undo,
        record=over.record if over.undo else over.record or base.record,
        restore=over.restore if over.undo else over.restore or base.restore,
        fine_exits=over.fine_exits or base.fine_exits or found.tool.root.result.fine_exits,
    )
