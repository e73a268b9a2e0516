"""Between which quotes a place in shell text stands."""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable

from midwatch.base import lazy


class Quotes(enum.Enum):
    """What surrounds a place, and so how a value must be written there."""

    BARE = "bare"
    DOUBLE = "double"
    SINGLE = "single"
    ANSI = "ansi"
    HEREDOC = "heredoc"
    RAW_HEREDOC = "raw-heredoc"
    COMMENT = "comment"
    ARITHMETIC = "arithmetic"
    PARAMETER = "parameter"


HEREDOC = lazy.pattern(r"<<(-?)[ \t]*(?:'([^'\n]+)'|\"([^\"\n]+)\"|(\\?)([A-Za-z0-9_.!-]+))")
OPENING = lazy.pattern(r"\$\(\(|\$\(|\$\{|\$'|\$\"|\(\(|\\.|['\"`()}#\n]|<<<|<<", re.DOTALL)
CLOSES = {"(": ")", "$(": ")", "${": "}"}


def around(text: str, places: Iterable[int]) -> dict[int, Quotes]:
    """For each place, what it stands in."""
    scanner = _Scanner(text, sorted(places))
    scanner.run()
    return scanner.found


class _Scanner:
    """Walks the text once; what it gets wrong, the comparison of the parsed texts refuses."""

    def __init__(self, text: str, places: list[int]) -> None:
        self.text = text
        self.places = places
        self.found: dict[int, Quotes] = {}
        self.open: list[str] = []
        self.waiting: list[tuple[str, bool, bool]] = []

    def run(self) -> None:
        position = 0
        while position < len(self.text):
            match = OPENING.search(self.text, position)
            stop = match.start() if match else len(self.text)
            self.mark(position, stop, self.inside())
            if match is None:
                return
            position = self.step(match.group(), stop)

    def mark(self, start: int, end: int, quotes: Quotes) -> None:
        self.found |= {place: quotes for place in self.places if start <= place < end}

    def inside(self) -> Quotes:
        if "((" in self.open or "$((" in self.open:
            return Quotes.ARITHMETIC
        if "${" in self.open:
            return Quotes.PARAMETER
        return Quotes.DOUBLE if self.open and self.open[-1] == '"' else Quotes.BARE

    def step(self, sign: str, at: int) -> int:
        """Handle one sign that may open or close something; where to go on."""
        quoted = bool(self.open) and self.open[-1] == '"'
        after = at + len(sign)
        if sign[0] == "\\":
            return after
        if sign in {"$(", "$((", "${"}:
            self.open.append(sign)
        elif sign == '"' and quoted:
            self.open.pop()
        elif sign in {'"', '$"'}:
            self.open.append('"')
        elif sign == "`":
            self.toggle()
        elif quoted:
            return at + 1
        elif sign in {"'", "$'"}:
            return self.single(sign, after)
        else:
            return self.unquoted(sign, at, after)
        return after

    def toggle(self) -> None:
        if "`" in self.open:
            del self.open[len(self.open) - 1 - self.open[::-1].index("`") :]
        else:
            self.open.append("`")

    def single(self, sign: str, after: int) -> int:
        if sign == "'":
            end = self.text.find("'", after)
        else:
            closing = re.compile(r"(?:[^'\\]|\\.)*", re.DOTALL).match(self.text, after)
            end = closing.end() if closing else -1
        end = len(self.text) if end < 0 else end
        self.mark(after, end, Quotes.SINGLE if sign == "'" else Quotes.ANSI)
        return end + 1

    def unquoted(self, sign: str, at: int, after: int) -> int:
        match sign:
            case "((" | "(":
                self.open.append(sign)
            case ")" if self.open and self.open[-1] in {"((", "$(("}:
                self.open.pop()
                return at + 2
            case ")" | "}" if self.open and CLOSES.get(self.open[-1]) == sign:
                self.open.pop()
            case "#" if at == 0 or self.text[at - 1] in " \t\n;&|(":
                return self.comment(at)
            case "<<":
                return self.heredoc(at)
            case "\n":
                return self.bodies(after)
            case _:
                pass
        return after

    def comment(self, at: int) -> int:
        end = self.text.find("\n", at)
        end = len(self.text) if end < 0 else end
        self.mark(at, end, Quotes.COMMENT)
        return end

    def heredoc(self, at: int) -> int:
        found = HEREDOC.match(self.text, at)
        if not found:
            return at + 2
        raw = found[5] is None or bool(found[4])
        self.waiting.append((found[2] or found[3] or found[5], raw, bool(found[1])))
        return found.end()

    def bodies(self, position: int) -> int:
        for end_word, raw, indented in self.waiting:
            quotes = Quotes.RAW_HEREDOC if raw else Quotes.HEREDOC
            position = self.body(position, end_word, quotes, indented=indented)
        self.waiting = []
        return position

    def body(self, position: int, end_word: str, quotes: Quotes, *, indented: bool) -> int:
        while position < len(self.text):
            end = self.text.find("\n", position)
            end = len(self.text) if end < 0 else end
            line = self.text[position:end]
            if (line.lstrip("\t") if indented else line) == end_word:
                return end
            self.mark(position, end, quotes)
            position = end + 1
        return position
