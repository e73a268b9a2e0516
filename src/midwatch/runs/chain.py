"""The journal's chain: each event carries a hash over all that came before it and itself."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from midwatch.base import shape

GENESIS = "0" * 64
"""What the first event follows."""
LOCAL_FIELDS = {
    "planned": ("plan", "environment"),
    "step-finished": ("state",),
    "step-interrupted": ("state",),
    "exit-trap-finished": ("state",),
    "shell-closed": ("left",),
}
"""Where an event keeps what only this machine needs: its hash is chained in its place."""


@shape.frozen
class Entry:
    """One row of the journal, as it is stored."""

    run_id: str
    seq: int
    at: str
    kind: str
    payload: str
    hash: str | None = None


def line(entry: Entry) -> str:
    """The event as one line of JSON that may leave this machine; its hash is taken over it."""
    fields = {"run_id": entry.run_id, "seq": entry.seq, "at": entry.at, "kind": entry.kind}
    payload = entry.payload
    if entry.kind in LOCAL_FIELDS:
        payload = compact(_shareable(LOCAL_FIELDS[entry.kind], json.loads(payload)))
    return f'{compact(fields)[:-1]},"payload":{payload}}}'


def compact(fields: Mapping[str, Any]) -> str:
    """JSON without a space too many, in the order of its fields."""
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":"))


def _shareable(path: Sequence[str], payload: dict[str, Any]) -> dict[str, Any]:
    """The payload with the hash of what is nobody else's business in its place."""
    *folders, name = path
    inner = payload
    for folder in folders:
        inner = inner[folder]
    if inner.get(name):
        text = compact({name: inner[name]})
        inner[name] = {"sha256": hashlib.sha256(_bytes(text)).hexdigest()}
    return payload


def link(previous: str, text: str) -> str:
    """The hash of an event: over the hash before it, a line break, and its line."""
    return hashlib.sha256(f"{previous}\n".encode() + _bytes(text)).hexdigest()


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


@shape.frozen
class Line:
    """An event as the chain sees it: its text, and the hash it carries."""

    run_id: str
    seq: int
    text: str
    hash: str | None

    @property
    def sealed(self) -> str:
        """The text with its hash at its end."""
        return self.text if self.hash is None else f'{self.text[:-1]},"hash":"{self.hash}"}}'


def of(entry: Entry) -> Line:
    """The stored event as the chain sees it."""
    return Line(entry.run_id, entry.seq, line(entry), entry.hash)


HASHED = re.compile(r'(?s)(.*),"hash":"([0-9a-f]{64})"\}')
FIELDS = {"run_id": str, "seq": int, "at": str, "kind": str, "payload": dict}


def parsed(sealed: str) -> Line | None:
    """The event that was written so; nothing where it is none."""
    found = HASHED.fullmatch(sealed)
    text = f"{found[1]}}}" if found else sealed
    try:
        fields = json.loads(text)
    except ValueError:
        return None
    if not isinstance(fields, dict) or list(fields) != list(FIELDS):
        return None
    if any(type(fields[name]) is not kind for name, kind in FIELDS.items()):
        return None
    return Line(fields["run_id"], fields["seq"], text, found[2] if found else None)


def linked(lines: Iterable[Line], previous: str = GENESIS) -> Iterator[tuple[Line, str]]:
    """Each event with the hash that it should carry."""
    for each in lines:
        previous = link(previous, each.text)
        yield each, previous


@shape.frozen
class Break:
    """The first event that does not fit, and why."""

    seq: int
    why: str


def first_break(lines: Sequence[Line]) -> Break | None:
    """The first event whose hash, number or run is not what the chain says; None where all fit.

    Events older than the chain carry no hash; the first hash after them covers them too.
    """
    chained = False
    for number, (each, expected) in enumerate(linked(lines)):
        if each.seq != number:
            return Break(number, f"event {each.seq} stands in its place")
        if each.run_id != lines[0].run_id:
            return Break(number, f"it belongs to run {each.run_id}")
        if each.hash is None and chained:
            return Break(number, "it carries no hash, though the one before it does")
        if each.hash is not None and each.hash != expected:
            return Break(number, "its hash does not fit what it and all before it say")
        chained = each.hash is not None
    return None


def unchained(lines: Sequence[Line]) -> int:
    """How many events at the beginning are older than the chain."""
    return next((number for number, each in enumerate(lines) if each.hash), len(lines))
