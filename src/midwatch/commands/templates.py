"""The small templates of knowledge files: `kubectl get {operands}[ -n {-n|--namespace}]`."""

from __future__ import annotations

import functools
from typing import TypeAlias

from midwatch.base import lazy, shape
from midwatch.commands import given

LATER = frozenset({"recorded", "record_file"})
"""Filled in when the command was about to run; `{.spec.replicas}` is a template of another tool."""
TOKEN = lazy.pattern(r"\{([^{}]+)\}|\[([^\[\]]*)\]")


@shape.frozen
class Slot:
    """A hole in a template: `operands`, or the flags whose value goes there."""

    name: str
    flags: tuple[str, ...]


@shape.frozen
class Optional:
    """A part that vanishes when one of its slots is empty."""

    pieces: tuple[Piece, ...]


Piece: TypeAlias = str | Slot | Optional


def fill(template: str, found: given.Given) -> str | None:
    """The template with what was given; None where a slot that must be filled is empty."""
    if not template:
        return None
    return _fill(_compiled(template), found)


@functools.lru_cache(maxsize=2048)
def _compiled(template: str) -> tuple[Piece, ...]:
    pieces: list[Piece] = []
    last = 0
    for match in TOKEN.finditer(template):
        if match.start() > last:
            pieces.append(template[last : match.start()])
        last = match.end()
        if match[1] is not None and (match[1].startswith(".") or match[1] in LATER):
            pieces.append(match[0])
        elif match[1] is not None:
            names = match[1]
            flags = tuple(names.split("|")) if names.startswith("-") else ()
            pieces.append(Slot(names, flags))
        elif "{" in match[2]:
            pieces.append(Optional(_compiled(match[2])))
        else:
            pieces.append(match[0])
    pieces.append(template[last:])
    return tuple(pieces)


def _fill(pieces: tuple[Piece, ...], found: given.Given) -> str | None:
    texts: list[str] = []
    for piece in pieces:
        if isinstance(piece, str):
            texts.append(piece)
        elif isinstance(piece, Slot):
            value = _value(piece, found)
            if not value:
                return None
            texts.append(value)
        else:
            texts.append(_fill(piece.pieces, found) or "")
    return "".join(texts)


def _value(slot: Slot, found: given.Given) -> str:
    if slot.flags:
        values = [flag.text for flag in found.flags if flag.name in slot.flags]
        return values[-1] if values else ""
    operands = [argument.text for argument in found.operands]
    if slot.name == "operands":
        return " ".join(operands)
    if slot.name == "objects":
        return " ".join(each for each in operands if "=" not in each and not each.endswith("-"))
    if slot.name == "operand":
        return operands[0] if operands else ""
    if slot.name == "rest":
        return " ".join(operands[1:])
    return ""
