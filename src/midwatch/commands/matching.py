"""What a knowledge entry says of the arguments given: conditions, raising flags, verbs."""

from __future__ import annotations

import dataclasses
import enum
import functools
import operator
import re

from midwatch.base import lazy, shape
from midwatch.commands import entries, given, model, words

READ, UNKNOWN = model.Effect.READ, model.Effect.UNKNOWN
LASTING = frozenset({model.Trait.IRREVERSIBLE, model.Trait.DISRUPTIVE})


class Holds(enum.Enum):
    """Whether a condition holds; it may hang on a value that is not known yet."""

    YES = "yes"
    NO = "no"
    OPEN = "open"


@shape.frozen
class Decision:
    """What the table says, before what runs inside is looked at."""

    result: entries.Result
    effect: model.Effect
    traits: frozenset[model.Trait]
    why: str
    matched: bool
    """A condition held, so that this is more than the entry's plain effect."""
    flags: frozenset[str] = frozenset()
    """The flags that the condition asked for."""


@shape.frozen
class Raised:
    """What the flags given raise the effect to, and why."""

    effect: model.Effect
    traits: frozenset[model.Trait]
    why: str


def decide(found: given.Given) -> Decision:
    """What the entry and its conditions say of the arguments, without raising flags."""
    if found.undetermined:
        return _undetermined(found)
    base = found.entry.result
    if found.tool.verbs and (not found.entry.path or not found.entry.known):
        base = _verb(found) or base
    candidates: list[entries.Result] = []
    names = {flag.name for flag in found.flags}
    for when in found.entry.when:
        if when.flags and not found.many and names.isdisjoint(when.flags):
            continue
        holds = _holds(when, found)
        if holds is Holds.YES:
            if not candidates:
                decision = _decision(found, when.result, base, matched=True)
                return _unless_unsure(found, dataclasses.replace(decision, flags=when.flags))
            candidates.append(when.result)
            break
        if holds is Holds.OPEN:
            candidates.append(when.result)
    else:
        candidates.append(base)
    worst = max(reversed(candidates), key=lambda each: model.RANK[each.effect or READ])
    return _unless_unsure(found, _decision(found, worst, base, matched=len(candidates) > 1))


def _unless_unsure(found: given.Given, decision: Decision) -> Decision:
    """The decision, unless a flag that is not known may have hidden the sub-command."""
    if found.unsure and decision.effect is READ:
        why = "a flag that is not known stands before the sub-command"
        return dataclasses.replace(decision, effect=UNKNOWN, why=why)
    return decision


def raised(found: given.Given, least: model.Effect) -> Raised | None:
    """What raising flags make of it, where any of them is given or may be."""
    effect, traits, why = READ, frozenset[model.Trait](), ""
    names = {flag.name for flag in found.flags}
    for rule in found.entry.flags:
        if names.isdisjoint(rule.names) or not any(
            _applies(rule, flag) for flag in found.flags if flag.name in rule.names
        ):
            continue
        traits |= rule.result.traits
        wanted = rule.result.effect or READ
        if model.RANK[wanted] > model.RANK[effect] or not why:
            effect = model.worst((effect, wanted))
            why = rule.result.why or f"its flag {min(rule.names, key=len)}"
    if found.many and found.entry.raises and model.RANK[least] < model.RANK[UNKNOWN]:
        effect = model.worst((effect, UNKNOWN))
        why = why or "some of its words are only known when it runs, and they may be flags"
    return Raised(effect, traits, why) if why else None


def _undetermined(found: given.Given) -> Decision:
    name = found.tool.name
    why = f"which sub-command of {name} this is cannot be told before it runs"
    if found.entry.path:
        why = f"{name} has no sub-command like this that Midwatch knows"
    traits = found.tool.root.result.traits
    return Decision(entries.Result(), UNKNOWN, traits, why, matched=True)


def _decision(
    found: given.Given, result: entries.Result, base: entries.Result, *, matched: bool
) -> Decision:
    effect = result.effect or base.effect or found.tool.root.result.effect or UNKNOWN
    traits = base.traits | result.traits
    same = base.effect is None or effect is base.effect
    return Decision(result, effect, traits, result.why or (base.why if same else ""), matched)


def _verb(found: given.Given) -> entries.Result | None:
    """The first word that a verb pattern matches, in tools known by their verbs.

    A word that only looks may be the name of a group: `az monitor metrics alert create`. So a later
    verb that does more counts instead.
    """
    path = (*found.entry.path, *(argument.pattern for argument in found.operands))
    limits = [limit for limit in (found.stray, found.many_after) if limit is not None]
    sure = min(limits, default=len(path))
    until = len(path) if found.tool.verbs_until is None else found.tool.verbs_until + 1
    looks: entries.Result | None = None
    for word in path[found.tool.verbs_from : min(sure, until)]:
        if words.HOLE in word:
            if looks is None:
                return entries.Result(UNKNOWN, why="its verb is only known when it runs")
            continue
        result = _verb_result(found.tool, word)
        if result is not None and result.effect is not READ:
            return result
        looks = looks or result
    if looks is not None:
        return looks
    if limits:
        return entries.Result(UNKNOWN, why="what is not known before it runs may hide the verb")
    return None


def _verb_result(tool: entries.Tool, word: str) -> entries.Result | None:
    """What the verb patterns of a tool say of one word."""
    for verbs in tool.verbs:
        if verbs.words.fullmatch(word):
            traits = verbs.result.traits | tool.root.result.traits
            return dataclasses.replace(verbs.result, traits=traits)
    return None


def _applies(rule: entries.FlagRule, flag: given.Flag) -> bool:
    """Whether the flag's value asks for the rule; a value that is not known does."""
    value = flag.value or ""
    if words.HOLE in value:
        return True
    if rule.values:
        return bool(rule.values.fullmatch(value))
    return not (rule.not_values and rule.not_values.fullmatch(value))


def _holds(when: entries.When, found: given.Given) -> Holds:
    """Whether all its conditions hold: one `no` is enough, one open one leaves it open."""
    answer = Holds.YES
    for part in (_flags_hold, _no_flags_hold, _count_holds, _operands_hold):
        part_answer = part(when, found)
        if part_answer is Holds.NO:
            return Holds.NO
        if part_answer is Holds.OPEN:
            answer = Holds.OPEN
    return answer


def _flags_hold(when: entries.When, found: given.Given) -> Holds:
    if not when.flags:
        return Holds.YES
    flags = [flag for flag in found.flags if flag.name in when.flags]
    if not flags:
        return Holds.OPEN if found.many else Holds.NO
    if not when.flag_values:
        return Holds.YES
    answers = {_matches(when.flag_values, flag.value or "") for flag in flags}
    return answers.pop() if len(answers) == 1 else Holds.OPEN


def _no_flags_hold(when: entries.When, found: given.Given) -> Holds:
    if not when.no_flags:
        return Holds.YES
    if any(flag.name in when.no_flags for flag in found.flags):
        return Holds.NO
    return Holds.OPEN if found.many else Holds.YES


SEPARATORS = ("/", "=", ":", ".")
COUNT = lazy.pattern(r"(\d+)(\+?)")
COMPARE = {"": operator.eq, "+": operator.ge}


def _count_holds(when: entries.When, found: given.Given) -> Holds:
    if not when.count:
        return Holds.YES
    if found.many:
        return Holds.OPEN
    match = COUNT.fullmatch(when.count)
    if not match:
        return Holds.NO
    holds = COMPARE[match[2]](len(found.operands), int(match[1]))
    return Holds.YES if holds else Holds.NO


def _operands_hold(when: entries.When, found: given.Given) -> Holds:
    answers = [Holds.YES]
    patterns = [argument.pattern for argument in found.operands]
    if when.operand:
        first = _matches(when.operand, patterns[0]) if patterns else Holds.NO
        answers.append(Holds.OPEN if found.many and first is Holds.NO else first)
    if when.operands:
        each = [_matches(when.operands, pattern) for pattern in patterns]
        answers.append(_any(each, open_ended=found.many))
    if when.all_operands:
        each = [_matches(when.all_operands, pattern) for pattern in patterns]
        answers.append(_all(each))
    if Holds.NO in answers:
        return Holds.NO
    return Holds.OPEN if Holds.OPEN in answers else Holds.YES


def _any(answers: list[Holds], *, open_ended: bool) -> Holds:
    if Holds.YES in answers:
        return Holds.YES
    return Holds.OPEN if Holds.OPEN in answers or open_ended else Holds.NO


def _all(answers: list[Holds]) -> Holds:
    if not answers or Holds.NO in answers:
        return Holds.NO
    return Holds.OPEN if Holds.OPEN in answers else Holds.YES


def _matches(pattern: re.Pattern[str], value: str) -> Holds:
    if words.HOLE not in value:
        return Holds.YES if pattern.fullmatch(value) else Holds.NO
    return _matches_with_holes(pattern, value)


@functools.lru_cache(maxsize=4096)
def _matches_with_holes(pattern: re.Pattern[str], value: str) -> Holds:
    """A value with a hole leaves it open, unless no filling of the hole can change the answer."""
    fillings = ("", "x", "web-0", "1", "a/b", "10.0.0.1")
    answers = {bool(pattern.fullmatch(value.replace(words.HOLE, each))) for each in fillings}
    before = value.partition(words.HOLE)[0]
    return Holds.YES if before.endswith(SEPARATORS) and answers == {True} else Holds.OPEN
