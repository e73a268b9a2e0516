"""May this step run? Facts in, a named decision out; whatever errs refuses."""

from __future__ import annotations

from midwatch.commands import model as commands
from midwatch.guards import instead, model

ERRORS = (ArithmeticError, AttributeError, LookupError, RuntimeError, TypeError, ValueError)


def decide(facts: model.Facts) -> model.Decision:
    """Allow, ask or refuse; a guard that cannot make up its mind refuses."""
    try:
        return _decide(facts)
    except ERRORS as error:
        return model.Refuse(
            f"The guard itself failed ({type(error).__name__}), and a guard that errs refuses.",
            "Please report this; until then a person must carry the step out by hand.",
        )


def _decide(facts: model.Facts) -> model.Decision:
    if commands.Trait.INTERACTIVE in facts.traits and not facts.attended:
        return model.Refuse(
            "It wants a person at the keyboard, and nobody is there.",
            instead.way(facts.tools),
            person=True,
        )
    rule = _strictest(facts)
    answer = rule.decision if rule else _default(facts.effect)
    why = _why(facts, rule)
    match answer:
        case model.Answer.ALLOW:
            return _allow(facts, why, asked=False)
        case model.Answer.REFUSE:
            return model.Refuse(why, "Change midwatch.toml if the policy is wrong.")
        case model.Answer.ASK if facts.approved or _covered(facts, rule):
            return _allow(facts, why, asked=True)
        case model.Answer.ASK:
            return model.Ask(model.Manner.CONFIRM, why)
        case model.Answer.TYPE_TARGET if facts.approved:
            return _allow(facts, why, asked=True)
        case model.Answer.TYPE_TARGET:
            return model.Ask(model.Manner.TYPE_TARGET, why)


ORDER = (
    model.Answer.ALLOW,
    model.Answer.ASK,
    model.Answer.TYPE_TARGET,
    model.Answer.REFUSE,
)


def _strictest(facts: model.Facts) -> model.Rule | None:
    """Of the lines that fit, the strictest; a loosening never wins over a tightening."""
    fitting = [rule for rule in facts.policy.rules if _fits(rule, facts)]
    return max(fitting, key=lambda rule: ORDER.index(rule.decision), default=None)


def _fits(rule: model.Rule, facts: model.Facts) -> bool:
    return (
        (rule.target is None or rule.target == facts.target)
        and (rule.procedure is None or rule.procedure == facts.procedure)
        and (rule.effect is None or rule.effect is facts.effect)
        and (rule.trait is None or rule.trait in facts.traits)
    )


def _default(effect: commands.Effect) -> model.Answer:
    match effect:
        case commands.Effect.READ:
            return model.Answer.ALLOW
        case commands.Effect.CHANGE | commands.Effect.UNKNOWN:
            return model.Answer.ASK
        case commands.Effect.DESTROY:
            return model.Answer.TYPE_TARGET
    raise ValueError(effect)


def _covered(facts: model.Facts, rule: model.Rule | None) -> bool:
    """`--yes change` answers for reads, changes and what is unknown; never for destruction.

    A line of the policy that says "ask" means a person: no flag answers it.
    """
    if rule is not None or facts.effect is commands.Effect.DESTROY:
        return False
    return facts.may is model.May.CHANGE


def _why(facts: model.Facts, rule: model.Rule | None) -> str:
    if rule is not None:
        return rule.reason or f"The policy says {rule.decision} for this."
    match facts.effect:
        case commands.Effect.READ:
            return "It only reads."
        case commands.Effect.CHANGE:
            return f"It changes {facts.target}."
        case commands.Effect.DESTROY:
            return f"It destroys something on {facts.target} that may not come back."
        case commands.Effect.UNKNOWN:
            return "Midwatch does not know what it does."
    raise ValueError(facts.effect)


def _allow(facts: model.Facts, why: str, *, asked: bool) -> model.Allow:
    limits = facts.policy.limits
    terminal = commands.Trait.INTERACTIVE in facts.traits
    if commands.Trait.ENDLESS in facts.traits and not terminal:
        return model.Allow(why, limits.endless, window=True, asked=asked)
    if terminal:
        return model.Allow(why, terminal=True, asked=asked)
    if commands.Trait.WAITS in facts.traits:
        return model.Allow(why, limits.waits, asked=asked)
    seconds = limits.read if facts.effect is commands.Effect.READ else None
    return model.Allow(why, seconds, asked=asked)
