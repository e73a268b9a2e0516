"""Which lines of the policy fit a step, and what they say together; else the built-in defaults."""

from __future__ import annotations

import dataclasses
import fnmatch
from collections.abc import Sequence

from midwatch.base import shape
from midwatch.commands import model as commands
from midwatch.guards import model

ORDER = (
    model.Answer.ALLOW,
    model.Answer.ASK,
    model.Answer.TYPE_TARGET,
    model.Answer.REFUSE,
)


@shape.frozen
class Said:
    """What holds for a step, and which lines say so."""

    answer: model.Answer
    why: str
    lines: tuple[model.Rule, ...] = ()
    """None where a default decides."""
    approvals: int = 1
    """How many people must say yes, the one who asked for the run among them."""
    broke: str = ""
    """What would have held, had nobody broken the glass."""

    @property
    def strictness(self) -> tuple[int, int]:
        """What says more is larger."""
        return ORDER.index(self.answer), self.approvals


def say(facts: model.Facts) -> Said:
    """What the policy says of the step; a broken glass sets its tightenings aside."""
    fitting = [rule for rule in facts.policy.rules if fits(rule, facts)]
    said = _together(fitting, facts)
    if not facts.break_glass.strip():
        return said
    left = _together([rule for rule in fitting if not rule.breakable], facts)
    if left.strictness >= said.strictness:
        return said
    return dataclasses.replace(left, broke=_demand(said))


def _demand(said: Said) -> str:
    people = f", {said.approvals} people" if said.approvals > 1 else ""
    places = ", ".join(rule.place for rule in said.lines if rule.place)
    where = f" ({places})" if places else ""
    return f"{said.why} [{said.answer}{people}]{where}"


def fits(rule: model.Rule, facts: model.Facts) -> bool:
    """Whether the line is about this step; what it leaves out, it is about all of."""
    return (
        (rule.target is None or rule.target == facts.target)
        and (rule.procedure is None or rule.procedure == facts.procedure)
        and (rule.effect is None or rule.effect is facts.effect)
        and (rule.trait is None or rule.trait in facts.traits)
        and _is_about(rule, facts.actor)
        and (rule.hours is None or rule.hours.holds(facts.now))
    )


def _is_about(rule: model.Rule, actor: str) -> bool:
    if not rule.actors and not rule.but:
        return True
    if not actor:
        raise ValueError("a line is about who acts, and it is not known who does")
    if any(fnmatch.fnmatchcase(actor, name) for name in rule.but):
        return False
    return not rule.actors or any(fnmatch.fnmatchcase(actor, name) for name in rule.actors)


def _together(fitting: Sequence[model.Rule], facts: model.Facts) -> Said:
    """Of the lines that fit, the strictest; a loosening never wins over a tightening.

    What destroys is loosened by nothing but a line that names it.
    """
    default = _default(facts)
    if not fitting:
        return default
    answer = max((rule.decision for rule in fitting), key=ORDER.index)
    approvals = max(rule.approvals for rule in fitting)
    named = any(rule.effect is commands.Effect.DESTROY for rule in fitting)
    weaker = ORDER.index(answer) < ORDER.index(default.answer)
    if facts.effect is commands.Effect.DESTROY and weaker and not named:
        lines = tuple(rule for rule in fitting if rule.approvals > 1)
        return dataclasses.replace(default, approvals=approvals, lines=lines)
    deciding = tuple(
        rule for rule in fitting if rule.decision is answer or 1 < rule.approvals == approvals
    )
    why = next((rule.reason for rule in deciding if rule.reason), "")
    return Said(answer, why or f"The policy says {answer} for this.", deciding, approvals)


def _default(facts: model.Facts) -> Said:
    match facts.effect:
        case commands.Effect.READ:
            return Said(model.Answer.ALLOW, "It only reads.")
        case commands.Effect.CHANGE:
            return Said(model.Answer.ASK, f"It changes {facts.target}.")
        case commands.Effect.UNKNOWN:
            return Said(model.Answer.ASK, "Midwatch does not know what it does.")
        case commands.Effect.DESTROY:
            why = f"It destroys something on {facts.target} that may not come back."
            return Said(model.Answer.TYPE_TARGET, why)
    raise ValueError(facts.effect)
