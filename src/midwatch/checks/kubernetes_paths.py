"""Paths into Kubernetes objects, as `-o jsonpath=…` and its like write them."""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator

from midwatch.base import lazy, shape
from midwatch.checks import kubernetes_api

NAME = lazy.pattern(r"\.?(?P<name>(?:\\.|[^.\[\]{}()\s=!<>&|,'\"\\])+)")
ITEMS = "[]"
ANSWER = frozenset({"kind", "apiVersion", "metadata"})
"""What a list has besides its items."""


class Root(enum.Enum):
    """What a command answers with."""

    OBJECT = enum.auto()
    LIST = enum.auto()
    EITHER = enum.auto()


@shape.frozen
class Dead:
    """Where a path stops leading anywhere."""

    path: str
    """The path as it is written."""
    name: str
    """The first name in it that is not there."""
    kind: str
    """What it was looked for in: a type, `string` and so on, or `list`."""
    before: str
    """The path up to it."""


def dead_ends(template: str, kind: str, root: Root) -> Iterator[Dead]:
    """The paths of a JSONPath template, `{.a}{range .b[*]}{.c}{end}`, that lead nowhere."""
    bases = [kind]
    for expression in expressions(template):
        word, _, rest = expression.partition(" ")
        if word == "range":
            found = follow(rest.strip(), bases[-1], root if len(bases) == 1 else Root.OBJECT)
            if isinstance(found, Dead):
                yield found
            bases.append(found if isinstance(found, str) else "any")
        elif word == "end":
            bases = bases[:-1] or [kind]
        elif expression[:1] in {".", "@", "$"}:
            base = kind if expression[0] == "$" else bases[-1]
            found = follow(expression, base, root if len(bases) == 1 else Root.OBJECT)
            if isinstance(found, Dead):
                yield found


def expressions(template: str) -> Iterator[str]:
    """What stands in the braces of a template."""
    depth, start, quote = 0, 0, ""
    for at, letter in enumerate(template):
        if quote:
            quote = "" if letter == quote and template[at - 1] != "\\" else quote
        elif letter in {'"', "'"} and depth:
            quote = letter
        elif letter == "{":
            depth, start = depth + 1, at + 1 if depth == 0 else start
        elif letter == "}" and depth:
            depth -= 1
            if depth == 0:
                yield template[start:at].strip()


def follow(path: str, kind: str, root: Root) -> str | Dead:
    """The kind that a path leads to, `any` where that is open, or where it stops."""
    parts = parted(path.lstrip("@$"))
    if not parts:
        return "any"
    here, before = kind, ""
    if root is not Root.OBJECT:
        if parts[0] in ANSWER:
            return "any"
        if parts[0] == "items":
            here, before, parts = f"{ITEMS}{kind}", ".items", parts[1:]
        elif root is Root.LIST:
            return Dead(path, parts[0], "list", "")
    for part in parts:
        below = step(part, here)
        if below is None:
            return Dead(path, part, here, before)
        here, before = below, f"{before}{'' if part == ITEMS else '.'}{part}"
    return here


def step(part: str, kind: str) -> str | None:
    """The kind one step further; nothing where there is no such step."""
    if kind == "any":
        return "any"
    if part == ITEMS:
        return kind[2:] if kind.startswith("[]") else "any"
    if kind.startswith("[]"):
        return "any"
    if kind.startswith("{}"):
        return kind[2:]
    api = kubernetes_api.load()
    return api.fields(kind).get(part) if kind in api.types else None


def parted(path: str) -> tuple[str, ...]:
    """A path's names, and `[]` for each choice from a list; nothing where it is no plain path."""
    found: list[str] = []
    at = 0
    while at < len(path):
        if path[at] == "[":
            end = closing(path, at)
            if end == 0 or path[at + 1] in {"'", '"'}:
                return ()
            found.append(ITEMS)
            at = end + 1
            continue
        name = NAME.match(path, at)
        if name is None:
            return ()
        found.append(re.sub(r"\\(.)", r"\1", name["name"]))
        at = name.end()
    return tuple(found)


def closing(path: str, start: int) -> int:
    """Where the bracket that opens there is closed; 0 where it is not."""
    depth = 0
    for at in range(start, len(path)):
        depth += {"[": 1, "]": -1}.get(path[at], 0)
        if depth == 0:
            return at
    return 0
