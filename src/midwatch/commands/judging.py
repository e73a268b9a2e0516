"""What those who judge a part ask of the one who judges the whole."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from typing import Protocol

from midwatch.base import shape
from midwatch.commands import model, words

REMOTE, LOCAL = model.Trait.REMOTE, model.Trait.LOCAL
EMPTY: frozenset[model.Trait] = frozenset()
LASTING = frozenset({model.Trait.IRREVERSIBLE, model.Trait.DISRUPTIVE})


@shape.frozen
class Supply:
    """What a command reads from: a pipe, a here-document, a file; `text` where it is known."""

    text: str | None = None
    name: str = ""
    """The file it comes from, where it is one."""


@shape.frozen
class Verdict:
    """What something does, why, and which commands it runs inside."""

    effect: model.Effect
    why: str
    traits: frozenset[model.Trait] = frozenset()
    inside: tuple[model.Command, ...] = ()
    whole: bool = False
    """It says all there is: the entry's plain effect counts no more."""


class Judge(Protocol):
    """Judges what is found inside a command."""

    def argv(self, arguments: Sequence[words.Argument], supply: Supply | None) -> Verdict:
        """Judge words that are a command."""

    def script(self, argument: words.Argument) -> Verdict:
        """Judge a file that a shell runs: the document may define it."""

    def shell(self, text: str, span: model.Span, supply: Supply | None) -> Verdict:
        """Judge text that is shell."""


READS = Verdict(model.Effect.READ, "nothing in it changes anything")


def unknown(why: str, *traits: model.Trait) -> Verdict:
    """Nobody can tell what it does."""
    return Verdict(model.Effect.UNKNOWN, why, frozenset(traits))


def change(why: str, *traits: model.Trait) -> Verdict:
    """It changes something, as a rule reversibly."""
    return Verdict(model.Effect.CHANGE, why, frozenset(traits))


def destroy(why: str, *traits: model.Trait) -> Verdict:
    """It loses something."""
    return Verdict(model.Effect.DESTROY, why, frozenset({model.Trait.IRREVERSIBLE, *traits}))


def read(why: str, *traits: model.Trait) -> Verdict:
    """It only looks."""
    return Verdict(model.Effect.READ, why, frozenset(traits))


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """The whole of several parts: the worst effect and its reason, the traits of all."""
    parts = [part for part in verdicts if part is not READS]
    if not parts:
        return READS
    first = parts[0]
    if len(parts) == 1:
        return first
    for part in parts:
        if model.RANK[part.effect] > model.RANK[first.effect]:
            first = part
    traits = EMPTY.union(*[part.traits for part in parts])
    inside = tuple([command for part in parts for command in part.inside])
    return Verdict(first.effect, first.why, settled(first.effect, traits), inside)


def settled(effect: model.Effect, traits: frozenset[model.Trait]) -> frozenset[model.Trait]:
    """Traits that fit the effect: what only looks destroys nothing and stops nothing."""
    return traits - LASTING if effect is model.Effect.READ else traits


def elsewhere(verdict: Verdict) -> Verdict:
    """The same, carried out on another machine."""
    return dataclasses.replace(verdict, traits=(verdict.traits - {LOCAL}) | {REMOTE})
