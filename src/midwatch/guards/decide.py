"""May this step run? Facts in, a named decision out; whatever errs refuses."""

from __future__ import annotations

from midwatch.access import names
from midwatch.commands import model as commands
from midwatch.guards import instead, model, policy

ERRORS = (ArithmeticError, AttributeError, LookupError, RuntimeError, TypeError, ValueError)


def decide(facts: model.Facts) -> model.Decision:
    """Allow, ask or refuse; a guard that cannot make up its mind refuses."""
    return explain(facts).decision


def explain(facts: model.Facts) -> model.Explained:
    """The decision, and which line of the policy or which default made it."""
    try:
        return _explain(facts)
    except ERRORS as error:
        refused = model.Refuse(
            f"The guard itself failed ({type(error).__name__}: {error}), and a guard that errs "
            "refuses.",
            "Please report this; until then a person must carry the step out by hand.",
        )
        return model.Explained(refused, "a guard that errs refuses")


def _explain(facts: model.Facts) -> model.Explained:
    if commands.Trait.INTERACTIVE in facts.traits and not facts.attended:
        refused = model.Refuse(
            "It wants a person at the keyboard, and nobody is there.",
            instead.way(facts.tools),
            person=True,
        )
        return model.Explained(refused, "default: interactive steps need a terminal")
    said = policy.say(facts)
    return model.Explained(_decide(facts, said), _source(facts, said))


def _decide(facts: model.Facts, said: policy.Said) -> model.Decision:
    match said.answer:
        case model.Answer.ALLOW:
            return _allow(facts, said, asked=False)
        case model.Answer.REFUSE:
            return model.Refuse(said.why, "Change midwatch.toml if the policy is wrong.")
        case model.Answer.ASK | model.Answer.TYPE_TARGET:
            people = _people(facts) if said.approvals > 1 else frozenset()
            if said.approvals > 1:
                answered = len({names.key(each) for each in people}) >= said.approvals
            else:
                answered = facts.approved or _covered(facts, said)
            if answered:
                return _allow(facts, said, asked=True)
            manner = _manner(facts, said, people)
            return model.Ask(manner, said.why, said.approvals, tuple(sorted(people)), said.broke)


def _people(facts: model.Facts) -> frozenset[str]:
    """Who says yes; whoever asked for an unattended run says so by asking."""
    if facts.attended or not facts.requester:
        return facts.approvers
    return facts.approvers | {facts.requester}


def _manner(facts: model.Facts, said: policy.Said, people: frozenset[str]) -> model.Manner:
    has_said = any(names.same(facts.actor, each) for each in people)
    if said.approvals > 1 and (has_said or not facts.attended):
        return model.Manner.SECOND_PERSON
    if said.answer is model.Answer.TYPE_TARGET:
        return model.Manner.TYPE_TARGET
    return model.Manner.CONFIRM


def _covered(facts: model.Facts, said: policy.Said) -> bool:
    """`--yes change` answers for reads, changes and what is unknown; never for destruction.

    A line of the policy that says "ask" means a person: no flag answers it.
    """
    if said.lines or facts.effect is commands.Effect.DESTROY:
        return False
    return facts.may is model.May.CHANGE


def _source(facts: model.Facts, said: policy.Said) -> str:
    places = ", ".join(rule.place or "a line of the policy" for rule in said.lines)
    default = f"default: {facts.effect} {DEFAULTS[said.answer]}"
    source = places or default
    return f"{source} (glass broken)" if said.broke else source


DEFAULTS = {
    model.Answer.ALLOW: "runs",
    model.Answer.ASK: "asks",
    model.Answer.TYPE_TARGET: "wants the target's name typed",
    model.Answer.REFUSE: "is refused",
}


def _allow(facts: model.Facts, said: policy.Said, *, asked: bool) -> model.Allow:
    limits = facts.policy.limits
    terminal = commands.Trait.INTERACTIVE in facts.traits
    if commands.Trait.ENDLESS in facts.traits and not terminal:
        seconds: float | None = limits.endless
        return model.Allow(said.why, seconds, window=True, asked=asked, broke=said.broke)
    if terminal:
        return model.Allow(said.why, terminal=True, asked=asked, broke=said.broke)
    if commands.Trait.WAITS in facts.traits:
        return model.Allow(said.why, limits.waits, asked=asked, broke=said.broke)
    seconds = limits.read if facts.effect is commands.Effect.READ else None
    return model.Allow(said.why, seconds, asked=asked, broke=said.broke)
