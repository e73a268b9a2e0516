"""What a program printed, as text in colours: everything else that a terminal would obey is gone.

Colours and weights are kept as names; a carriage return, a backspace and "erase line" act on their
own line alone. Whatever could move elsewhere, hide text or speak to the terminal is dropped.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Sequence

from midwatch.base import shape

NAMES = ("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white")
SEQUENCE = re.compile(
    r"\x1b\[(?P<values>[0-?]*)[ -/]*(?P<final>[@-~])"  # CSI
    r"|\x1b[\]PX^_][^\x07\x1b\n]*(?:\x07|\x1b\\)?"  # OSC, DCS, SOS, PM, APC
    r"|\x1b[ -/]*[0-~]?"
    r"|[\x80-\x9f]"
)
HIDING = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u061c]")
"""Characters that turn text around or make it disappear."""

CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


@shape.frozen
class Style:
    """How a piece of text looks; a colour is one of sixteen, by number."""

    colour: int | None = None
    background: int | None = None
    bold: bool = False
    faint: bool = False
    italic: bool = False
    underlined: bool = False
    reversed: bool = False


@shape.frozen
class Piece:
    """Text in one style."""

    text: str
    style: Style


PLAIN = Style()


def lines(text: str) -> Iterator[tuple[Piece, ...]]:
    """The lines as they stood in the end, in pieces of one style each."""
    style = PLAIN
    for line in text.split("\n"):
        row = _Row(style)
        at = 0
        for found in SEQUENCE.finditer(line):
            row.write(line[at : found.start()])
            row.obey(found["final"], found["values"])
            at = found.end()
        row.write(line[at:])
        style = row.style
        yield row.pieces()


class _Row:
    """One line, drawn over as a terminal does it."""

    def __init__(self, style: Style) -> None:
        self.style = style
        self._cells: list[tuple[str, Style]] = []
        self._column = 0

    def write(self, text: str) -> None:
        for character in text:
            if character == "\r":
                self._column = 0
            elif character == "\b":
                self._column = max(0, self._column - 1)
            elif character == "\t":
                self._put(" " * (8 - self._column % 8))
            else:
                self._put(visible(character))

    def _put(self, text: str) -> None:
        for character in text:
            cell = (character, self.style)
            if self._column < len(self._cells):
                self._cells[self._column] = cell
            else:
                self._cells.append(cell)
            self._column += 1

    def obey(self, final: str | None, values: str) -> None:
        if final == "m" and re.fullmatch(r"[0-9;:]*", values):
            numbers = [int(each or 0) for each in re.split("[;:]", values)]
            self.style = styled(self.style, numbers[:64])
        elif final == "K":
            self._erase(values)

    def _erase(self, values: str) -> None:
        if values in {"", "0"}:
            del self._cells[self._column :]
        elif values in {"1", "2"}:
            until = len(self._cells) if values == "2" else min(self._column + 1, len(self._cells))
            self._cells[:until] = [(" ", PLAIN)] * until

    def pieces(self) -> tuple[Piece, ...]:
        found: list[Piece] = []
        text: list[str] = []
        style = PLAIN
        for character, of in self._cells:
            if of != style and text:
                found.append(Piece("".join(text), style))
                text = []
            style = of
            text.append(character)
        if text:
            found.append(Piece("".join(text), style))
        return tuple(found)


ON = {
    1: {"bold": True},
    2: {"faint": True},
    3: {"italic": True},
    4: {"underlined": True},
    7: {"reversed": True},
}
OFF = {
    22: {"bold": False, "faint": False},
    23: {"italic": False},
    24: {"underlined": False},
    27: {"reversed": False},
    39: {"colour": None},
    49: {"background": None},
}
BRIGHT = 8


def styled(style: Style, numbers: Sequence[int]) -> Style:
    """The style after these numbers of an "m" sequence."""
    left = list(numbers)
    while left:
        number = left.pop(0)
        if number == 0:
            style = PLAIN
        elif number in ON or number in OFF:
            changes = ON.get(number) or OFF.get(number) or {}
            style = dataclasses.replace(style, **changes)  # type: ignore[arg-type]
        elif number in {38, 48}:
            name = "colour" if number == 38 else "background"  # noqa: PLR2004  (the standard's own)
            style = dataclasses.replace(style, **{name: _extended(left)})  # type: ignore[arg-type]
        else:
            style = _coloured(style, number)
    return style


def _coloured(style: Style, number: int) -> Style:
    for first, name, shift in (
        (30, "colour", 0),
        (40, "background", 0),
        (90, "colour", BRIGHT),
        (100, "background", BRIGHT),
    ):
        if first <= number < first + BRIGHT:
            return dataclasses.replace(style, **{name: number - first + shift})  # type: ignore[arg-type]
    return style


def _extended(left: list[int]) -> int | None:
    """One of 256 colours, or of millions, as the nearest of sixteen."""
    kind = left.pop(0) if left else 0
    if kind == 5 and left:  # noqa: PLR2004  (the standard's own)
        return _of_256(left.pop(0))
    if kind == 2 and len(left) >= 3:  # noqa: PLR2004  (the standard's own)
        red, green, blue = left.pop(0), left.pop(0), left.pop(0)
        return _nearest(red, green, blue)
    return None


LEVELS = (0, 95, 135, 175, 215, 255)
CUBE, GREY, ALL = 16, 232, 256


def _of_256(number: int) -> int | None:
    if number < CUBE:
        return number
    if number < GREY:
        at = number - CUBE
        return _nearest(LEVELS[at // 36], LEVELS[at // 6 % 6], LEVELS[at % 6])
    if number < ALL:
        level = 8 + (number - GREY) * 10
        return _nearest(level, level, level)
    return None


def _nearest(red: int, green: int, blue: int) -> int:
    strong = max(red, green, blue)
    if strong < 64:  # noqa: PLR2004  (a quarter of the scale: black)
        return 0
    bits = sum(1 << place for place, part in enumerate((red, green, blue)) if part > strong // 2)
    return bits + (BRIGHT if strong > 200 else 0)  # noqa: PLR2004  (the last quarter: bright)


def kept(text: str) -> str:
    """The text for a player that understands terminals: only colours and "erase line" are left."""

    def keep(found: re.Match[str]) -> str:
        harmless = found["final"] in {"m", "K"} and re.fullmatch(r"[0-9;:]*", found["values"])
        return found[0] if harmless else ""

    shown = re.sub(r"[\x00-\x06\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f\x07]", "", SEQUENCE.sub(keep, text))
    return HIDING.sub(_named, shown)


def _named(found: re.Match[str]) -> str:
    return f"<U+{ord(found[0]):04X}>"


def visible(text: str) -> str:
    """Words that must be seen as they are: nothing is obeyed, and nothing hides."""
    return HIDING.sub(_named, CONTROL.sub(_symbol, text))


def _symbol(found: re.Match[str]) -> str:
    """The picture that Unicode has for a control character."""
    character = found[0]
    return chr(0x2400 + ord(character)) if character < " " else "\u2421"
