"""The values that bash quotes when it says what it holds: `X="…"`, `([0]="a")`, `$'…'`."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator

QUOTED = re.compile(r"\$'((?:[^'\\]|\\.)*)'|\"((?:[^\"\\]|\\.)*)\"|=([^\s\"'$()]+)", re.DOTALL)
ESCAPED = re.compile(r'\\([\\"$`])')
SIGN = re.compile(r"\\(?:([0-7]{1,3})|x([0-9a-fA-F]{1,2})|[uU]([0-9a-fA-F]{1,8})|(.))", re.DOTALL)
NAMED = {
    "a": "\a", "b": "\b", "e": "\x1b", "E": "\x1b", "f": "\f", "n": "\n", "r": "\r", "t": "\t",
    "v": "\v",
}  # fmt: skip


def values(record: str) -> Iterator[str]:
    """Every value in a declaration, without its quotes."""
    for found in QUOTED.finditer(record):
        signs, plain, bare = found.groups()
        if signs is not None:
            yield SIGN.sub(_sign, signs)
        elif plain is not None:
            yield ESCAPED.sub(r"\1", plain)
        else:
            yield bare


def texts(line: str) -> Iterator[str]:
    """What may stand in a line of shell text, as it is written and as it is meant."""
    yield line
    yield from values(line)
    try:
        yield from shlex.split(line)
    except ValueError:
        return


def _sign(found: re.Match[str]) -> str:
    octal, hexadecimal, character, other = found.groups()
    if octal is not None:
        return chr(int(octal, 8))
    number = hexadecimal or character
    if number is not None:
        return chr(min(int(number, 16), 0x10FFFF))
    return NAMED.get(other, other)
