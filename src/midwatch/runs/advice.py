"""What a person is told around a change, with the step's values in it: touches, looks, ways back.

Knowledge speaks of a command as the document writes it, placeholders and all. The same values go in
here as into the step, by their place in the syntax; what cannot be filled so is left out, as half a
command is worse than none.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from midwatch.base import lazy, shape
from midwatch.commands import model as commands
from midwatch.runs import model

if TYPE_CHECKING:
    from midwatch.commands import binding, binding_rules
else:
    binding = lazy.module("midwatch.commands.binding")
    binding_rules = lazy.module("midwatch.commands.binding_rules")

PROSE = frozenset(
    {
        "a", "after", "again", "an", "and", "are", "back", "before", "by", "for", "goes", "if",
        "in", "is", "it", "of", "on", "or", "previous", "same", "that", "the", "then", "to",
        "when", "with", "without",
    }
)  # fmt: skip
"""Words of a sentence about a command, which no command is made of."""
NO_COMMAND = re.compile(r"[<>\n…()]|\.\.\.|, ")
"""What is left open, or is said rather than typed."""
INPUT = "-"
LOCAL = frozenset({"sudo", "doas", "env", "timeout", "nice", "nohup", "command"})
"""What only runs another command, here."""
SECRET = commands.Trait.REVEALS_SECRET
Judge = Callable[[str], commands.Judgement]


@shape.frozen
class Advice:
    """What is told of a step before it is approved."""

    touches: tuple[str, ...] = ()
    look_first: tuple[str, ...] = ()
    undo: tuple[str, ...] = ()
    records: tuple[model.Recording, ...] = ()


def of(found: Sequence[commands.Command]) -> Advice:
    """What is known of these commands, and of what each of them only runs."""
    told = [_Told.of(each) for each in found]
    records = {
        model.Recording(each.record, each.restore, each.undo or "")
        for each in told
        if each.record and each.restore
    }
    return Advice(
        touches=_once(each.target for each in told if each.target != INPUT),
        look_first=_once(each.look_first for each in told),
        undo=_once(each.undo for each in told),
        records=tuple(sorted(records, key=lambda each: each.record)),
    )


@shape.frozen
class _Told:
    """What is known of one command."""

    target: str | None
    look_first: str | None
    undo: str | None
    record: str | None
    restore: str | None

    @classmethod
    def of(cls, command: commands.Command) -> _Told:
        """As it is; of `sudo`, `ssh host` and their like, what they run, with the same words."""
        inner = command.inside[0] if len(command.inside) == 1 else None
        knows = command.undo or command.look_first or command.record
        if knows or inner is None or not command.text.endswith(inner.text):
            names = (command.target, command.look_first, command.undo)
            return cls(*names, command.record, command.restore)
        before = command.text.removesuffix(inner.text)
        told = cls.of(inner)
        here = command.tool in LOCAL or "{record_file}" not in (told.restore or "")
        ways = (told.look_first, told.undo, told.record, told.restore if here else None)
        return cls(told.target, *(_behind(before, each) for each in ways))


def _behind(before: str, way: str | None) -> str | None:
    """The command behind the same words; a sentence stays one."""
    return way if way is None or is_sentence(way) else before + way


def is_sentence(text: str) -> bool:
    """Whether it is a sentence about a command, and no whole command."""
    words = {word.strip(".,;:").lower() for word in text.split()}
    return bool(NO_COMMAND.search(text) or PROSE & words)


def _once(texts: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each for each in texts if each))


def filled(advice: Advice, text: str, holes: Sequence[binding.Hole]) -> Advice:
    """The advice on a step of that text, with the values of its holes."""
    places = _places(text, holes)
    if not places:
        return advice
    touches = (_named(each, places) for each in advice.touches)
    kept = [each for one in advice.records for each in (one.record, one.restore, one.instead_of)]
    texts = list(dict.fromkeys((*advice.look_first, *advice.undo, *kept)))
    together = [(each, _found(each, places)) for each in texts]
    bound = binding.bind_many(together)
    told = {
        words: _text(made, words, where)
        for made, (words, where) in zip(bound, together, strict=True)
    }
    records = (
        model.Recording(told[each.record], told[each.restore], told[each.instead_of])
        for each in advice.records
    )
    return Advice(
        touches=tuple(each for each in touches if each),
        look_first=tuple(told[each] for each in advice.look_first if told[each]),
        undo=tuple(told[each] for each in advice.undo if told[each]),
        records=tuple(each for each in records if each.record and each.restore),
    )


def recordable(
    records: Sequence[model.Recording], effect: commands.Effect, judge: Judge
) -> tuple[model.Recording, ...]:
    """Those that a machine may make: of commands that only read, and print no secret."""
    if effect is commands.Effect.READ:
        return ()
    found = []
    for each in records:
        if INPUT in each.record.split():
            continue  # what came by the pipe is not there to be read again
        judged = judge(each.record)
        if judged.effect is commands.Effect.READ and SECRET not in judged.traits:
            found.append(each)
    return tuple(found)


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
