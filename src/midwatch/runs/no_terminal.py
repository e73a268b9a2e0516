"""Commands that insist on a terminal for what nobody types to: a step has none to give.

`docker-compose exec db pg_isready` works where it is pasted, and without a terminal ends with “the
input device is not a TTY”. Such words get `-T`, or lose their `-t`; the plan shows the words that
run. Text inside quotes (`bash -c '…'`, `ssh host '…'`) is left as it is.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from midwatch.base import lazy, shape

if TYPE_CHECKING:
    from midwatch.commands import shell, syntax
else:
    shell = lazy.module("midwatch.commands.shell")
    syntax = lazy.module("midwatch.commands.syntax")

Node: TypeAlias = Any
"""Anything a parsed text is made of: its shapes nest freely."""

NAMES = ("docker", "podman")
WRAPPERS = frozenset({"sudo", "timeout", "time", "env", "nice", "nohup"})
"""Programs that run the words after them as they are."""
ENTERS = frozenset({"exec", "run"})
ALONE = frozenset({"-T", "--no-TTY", "--no-tty", "-d", "--detach"})
ASKS = re.compile(r"--tty(=true)?|-[A-Za-z]*t[A-Za-z]*")
VALUES = frozenset(
    """
    -f --file -p --project-name --profile --env-file --project-directory -c --context -H --host
    --ansi --log-level --config -l -e --env --index -u --user -w --workdir --entrypoint --name
    --label -v --volume --publish --network --cap-add --cap-drop --detach-keys
    """.split()  # noqa: SIM905  (a list of words reads best as words)
)
"""Options whose value is the next word."""


@shape.frozen
class Change:
    """What stands in place of some characters."""

    start: int
    end: int
    words: str


def without(text: str) -> str:
    """The text as it works where there is no terminal."""
    if not any(name in text for name in NAMES):
        return text
    found = [change for call in _calls(shell.parse(text).statements) for change in _changes(call)]
    for change in sorted(found, key=lambda each: -each.start):
        text = text[: change.start] + change.words + text[change.end :]
    return text


def _calls(node: Node) -> Iterator[syntax.Call]:
    match node:
        case tuple():
            for each in node:
                yield from _calls(each)
        case _ if dataclasses.is_dataclass(node):
            if isinstance(node, syntax.Call):
                yield node
            for field in dataclasses.fields(node):
                yield from _calls(getattr(node, field.name))


def _changes(call: syntax.Call) -> Iterator[Change]:
    said = [_literal(word) for word in call.words]
    tool = _tool(said)
    if tool is None:
        return
    verb = _operand(said, tool + 1)
    name = said[tool].rpartition("/")[2]
    is_compose = name.endswith("-compose")
    if not is_compose and said[verb : verb + 1] == ["compose"]:
        is_compose, verb = True, _operand(said, verb + 1)
    if said[verb : verb + 1] == ["container"]:
        verb = _operand(said, verb + 1)
    if verb >= len(said) or said[verb] not in ENTERS:
        return
    options = range(verb + 1, _operand(said, verb + 1))
    if not is_compose:
        yield from _dropped(call.words, said, options)
    elif not any(said[at] in ALONE or re.fullmatch(r"-\w*[Td]\w*", said[at]) for at in options):
        end = call.words[verb].span.end
        yield Change(end, end, " -T")


def _dropped(words: Sequence[syntax.Word], said: Sequence[str], options: range) -> Iterator[Change]:
    """Options without their `t`; a value that looks like one is none."""
    for at in options:
        if ASKS.fullmatch(said[at]) and said[at - 1] not in VALUES:
            left = "" if said[at].startswith("--") else said[at].replace("t", "").rstrip("-")
            start = words[at].span.start if left else words[at - 1].span.end
            yield Change(start, words[at].span.end, left)


def _tool(said: Sequence[str]) -> int | None:
    """Where the program's name stands: at the beginning, or behind a wrapper."""
    for at, word in enumerate(said):
        name = word.rpartition("/")[2]
        if name in NAMES or name in {f"{each}-compose" for each in NAMES}:
            return at
        if said[0].rpartition("/")[2] not in WRAPPERS:
            return None
    return None


def _operand(said: Sequence[str], start: int) -> int:
    """Where the first word that is no option stands."""
    at = start
    while at < len(said) and said[at].startswith("-"):
        at += 2 if said[at] in VALUES else 1
    return at


def _literal(word: syntax.Word) -> str:
    parts = [part.value for part in word.parts if isinstance(part, syntax.Literal)]
    return "".join(parts) if len(parts) == len(word.parts) else ""
