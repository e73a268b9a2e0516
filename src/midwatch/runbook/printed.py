"""Words of a shell text that are only shown to whoever reads the screen, and go nowhere else.

`echo "restart <pod>"` speaks to a person: nothing is to be filled in. Behind a pipe, into a file,
or without quotes it is a command like any other, and so is everything that cannot be told for sure:
a missed input is worse than one too many.
"""

from __future__ import annotations

from midwatch.base import lazy, shape

PRINTERS = frozenset({"echo", "printf", "log", "die", "fail", "warn", "info", "error"})
WORD = lazy.pattern(r"(?:(?:then|do|else|if|while|until|!|time)\s+)*(?P<name>[\w./-]+)(?P<rest>.*)")
TO_FILE = lazy.pattern(r"(?<![0-9<>&])1?>>?(?!\s*(?:&\d|/dev/(?:stdout|stderr|tty)\b))")
GOES_ON = lazy.pattern(r"(?:[})`]|\b(?:done|fi|esac))\s*(?:\||>)")
"""What a group prints goes to another program, or into a file."""
HEREDOC = lazy.pattern(r"<<-?\s*(?:'([^'\n]+)'|\"([^\"\n]+)\"|\\?([\w.!-]+))")
Span = tuple[int, int]


@shape.frozen
class Printed:
    """Where words stand that only a person reads."""

    spans: tuple[Span, ...]

    def holds(self, start: int) -> bool:
        """Whether that place is among them."""
        return any(first <= start < end for first, end in self.spans)


NOTHING = Printed(())


def of(text: str) -> Printed:
    """What of the text is only printed, comments included."""
    walk = _Walk(text)
    walk.run()
    return Printed(tuple(walk.comments if GOES_ON.search(text) else walk.comments + walk.found))


class _Walk:
    """Walks the text once, command by command."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.start = 0
        self.quoted: list[Span] = []
        self.whole: list[Span] = []
        """What is quoted, with the substitutions in it."""
        self.nested = 0
        self.back = False
        self.waiting: list[str] = []
        self.found: list[Span] = []
        self.comments: list[Span] = []

    def run(self) -> None:
        while self.at < len(self.text):
            self.step(self.text[self.at])
        self.close(len(self.text))

    def step(self, sign: str) -> None:
        if sign == "\\":
            self.at += 2
        elif sign == "'":
            self.single()
        elif sign == '"':
            self.double()
        elif sign == "#" and self.begins_word():
            self.comments.append((self.at, self.line_end()))
            self.at = self.line_end()
        elif self.text.startswith("<<", self.at) and not self.text.startswith("<<<", self.at):
            self.heredoc()
        elif self.text.startswith("$(", self.at):
            self.nested += 1
            self.at += 2
        elif sign == "`":
            self.back = not self.back
            self.at += 1
        elif sign in ";|&\n(){}":
            self.separator(sign)
        else:
            self.at += 1

    def separator(self, sign: str) -> None:
        """The end of a command; inside a substitution only its own end counts."""
        if self.nested:
            self.nested += {"(": 1, ")": -1}.get(sign, 0)
        elif sign == "&" and self.text[self.at - 1 : self.at] in {">", "<"}:
            pass
        else:
            self.close(self.at)
            self.start = self.at + 1
        self.at += 1
        if sign == "\n":
            self.bodies()

    def close(self, end: int) -> None:
        """A command ended there: what it quotes is only printed, or goes on."""
        command = self.text[self.start : end]
        found = WORD.match(command.strip())
        piped = self.text.startswith("|", end) and not self.text.startswith("||", end)
        shown = found is not None and found["name"] in PRINTERS and not piped and not self.back
        if shown and found is not None and not found["rest"].startswith(" -v "):
            bare = self.without_quotes(self.start, end)
            if not TO_FILE.search(bare) and "`" not in bare:
                self.found += self.quoted
        self.quoted, self.whole = [], []

    def without_quotes(self, start: int, end: int) -> str:
        text = self.text
        for first, last in self.whole:
            text = text[:first] + " " * (last - first) + text[last:]
        return text[start:end]

    def single(self) -> None:
        end = self.text.find("'", self.at + 1)
        end = len(self.text) if end < 0 else end + 1
        if not self.nested:
            self.quoted.append((self.at, end))
            self.whole.append((self.at, end))
        self.at = end

    def double(self) -> None:
        """To the closing quote; a substitution within is a command of its own, and not printed."""
        start, depth = self.at, 0
        opened = start
        self.at += 1
        while self.at < len(self.text):
            sign = self.text[self.at]
            if sign == "\\":
                self.at += 2
                continue
            if self.text.startswith("$(", self.at):
                if not depth and not self.nested:
                    self.quoted.append((start, self.at))
                depth += 1
            elif sign == ")" and depth:
                depth -= 1
                start = self.at
            elif sign == '"' and not depth:
                break
            self.at += 1
        self.at = min(self.at + 1, len(self.text))
        if not self.nested:
            self.quoted.append((start, self.at))
            self.whole.append((opened, self.at))

    def heredoc(self) -> None:
        found = HEREDOC.match(self.text, self.at)
        if found:
            self.waiting.append(found[1] or found[2] or found[3])
        self.at = found.end() if found else self.at + 2

    def bodies(self) -> None:
        """Step over the here-documents: what they hold is never taken for printed."""
        for delimiter in self.waiting:
            while self.at < len(self.text):
                end = self.line_end()
                line = self.text[self.at : end]
                self.at = min(end + 1, len(self.text))
                if line.strip("\t") == delimiter:
                    break
        self.waiting.clear()
        self.start = self.at

    def begins_word(self) -> bool:
        before = self.text[self.at - 1 : self.at]
        return not before or before.isspace() or before in ";|&("

    def line_end(self) -> int:
        end = self.text.find("\n", self.at)
        return len(self.text) if end < 0 else end
