"""What a person is told around a change, with the step's values in it: touches, looks, ways back.

Knowledge speaks of a command as the document writes it, placeholders and all. The same values go in
here as into the step, by their place in the syntax; what cannot be filled so is left out, as half a
command is worse than none.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from midwatch.base import lazy
from midwatch.commands import model as commands
from midwatch.runs import model

if TYPE_CHECKING:
    from midwatch.commands import binding, binding_rules
else:
    binding = lazy.module("midwatch.commands.binding")
    binding_rules = lazy.module("midwatch.commands.binding_rules")

Judge = Callable[[str], commands.Judgement]


@dataclasses.dataclass(frozen=True, slots=True)
class Advice:
    """What is told of a step before it is approved."""

    touches: tuple[str, ...] = ()
    look_first: tuple[str, ...] = ()
    undo: tuple[str, ...] = ()


def filled(advice: Advice, text: str, holes: Sequence[binding.Hole]) -> Advice:
    """The advice on a step of that text, with the values of its holes."""
    places = _places(text, holes)
    if not places:
        return advice
    touches = (_named(each, places) for each in advice.touches)
    together = [(each, _found(each, places)) for each in (*advice.look_first, *advice.undo)]
    bound = binding.bind_many(together)
    told = [_text(made, words, where) for made, (words, where) in zip(bound, together, strict=True)]
    count = len(advice.look_first)
    return Advice(
        touches=tuple(each for each in touches if each),
        look_first=tuple(each for each in told[:count] if each),
        undo=tuple(each for each in told[count:] if each),
    )


def looks(look_first: Sequence[str], effect: commands.Effect, judge: Judge) -> tuple[str, ...]:
    """The looks that may be carried out: whole commands that only read."""
    if effect is commands.Effect.READ:
        return ()
    return tuple(each for each in look_first if judge(each).effect is commands.Effect.READ)


Places = Mapping[str, "binding.Hole | None"]


def _places(text: str, holes: Sequence[binding.Hole]) -> Places:
    """Each placeholder as written, and what goes in; nothing where that is not one value."""
    found: dict[str, binding.Hole | None] = {}
    for hole in holes:
        written = text[hole.start : hole.end]
        same = found.get(written, hole)
        found[written] = hole if same is not None and same.name == hole.name else None
    return found


def _matches(template: str, places: Places) -> Iterator[re.Match[str]]:
    longest = sorted(places, key=len, reverse=True)
    words = "|".join(rf"(?<!\w){re.escape(each)}(?!\w)" for each in longest if each)
    return re.finditer(words, template) if words else iter(())


def _found(template: str, places: Places) -> list[binding.Hole]:
    """The holes of the template; one that is not one value gets what never goes in."""
    found = []
    for match in _matches(template, places):
        hole = places[match[0]] or binding.Hole(0, 0, match[0], "\0")
        found.append(dataclasses.replace(hole, start=match.start(), end=match.end()))
    return found


def _text(made: binding.Binding, template: str, holes: Sequence[binding.Hole]) -> str:
    if not holes:
        return template
    if isinstance(made, binding.Bound):
        return made.text
    tame = all(binding_rules.TAME.fullmatch(hole.value) and not hole.variable for hole in holes)
    return _spliced(template, holes) if made.unreadable and tame else ""


def _named(words: str, places: Places) -> str:
    """A name for a person to read, which nothing carries out."""
    holes = _found(words, places)
    if any("\0" in hole.value for hole in holes):
        return ""
    return _spliced(words, holes)


def _spliced(words: str, holes: Sequence[binding.Hole]) -> str:
    pieces, last = [], 0
    for hole in holes:
        pieces += [words[last : hole.start], model.MASK if hole.variable else hole.value]
        last = hole.end
    return "".join([*pieces, words[last:]])
