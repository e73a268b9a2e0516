"""What quotes and backslashes leave of a text, as bash takes them away."""

from __future__ import annotations

import re

from midwatch.base import lazy

BACKSLASH = lazy.pattern(r"\\(.|\n)", re.DOTALL)
IN_DOUBLE_QUOTES = lazy.pattern(r"\\([$`\"\\\n])")
IN_HEREDOC = lazy.pattern(r"\\([$`\\\n])")
ANSI = lazy.pattern(
    r"\\(?:x([0-9A-Fa-f]{1,2})|u([0-9A-Fa-f]{1,4})|U([0-9A-Fa-f]{1,8})|([0-7]{1,3})|c(.)|(.))",
    re.DOTALL,
)
SIMPLE = {"a": "\a", "b": "\b", "e": "\x1b", "E": "\x1b", "f": "\f", "n": "\n", "r": "\r"} | {
    "t": "\t",
    "v": "\v",
}
LAST_CODE_POINT = 0x10FFFF
CONTROL = 0x1F


def plain(text: str) -> str:
    """Outside quotes: a backslash gives the character behind it, and none for a line end."""
    return BACKSLASH.sub(_without_line_end, text) if "\\" in text else text


def double_quoted(text: str) -> str:
    """Between double quotes: only some characters can be escaped."""
    return IN_DOUBLE_QUOTES.sub(_without_line_end, text) if "\\" in text else text


def heredoc(text: str) -> str:
    """In a here-document whose delimiter is not quoted."""
    return IN_HEREDOC.sub(_without_line_end, text) if "\\" in text else text


def ansi(text: str) -> str:
    r"""Between `$'` and `'`: `\x72` is `r`."""
    return ANSI.sub(_ansi_character, text) if "\\" in text else text


def _without_line_end(match: re.Match[str]) -> str:
    return "" if match[1] == "\n" else match[1]


def _ansi_character(match: re.Match[str]) -> str:
    digits = match[1] or match[2] or match[3]
    if digits:
        return _character(int(digits, 16))
    if match[4]:
        return _character(int(match[4], 8) & 0xFF)
    if match[5]:
        return chr(ord(match[5]) & CONTROL)
    return SIMPLE.get(match[6], match[6] if match[6] in "\\'\"?" else match[0])


def _character(code: int) -> str:
    return chr(code) if code <= LAST_CODE_POINT else "\ufffd"
