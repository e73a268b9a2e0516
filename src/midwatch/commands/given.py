"""A tool's arguments sorted into sub-command, flags and operands, wherever the flags stand."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence

from midwatch.base import shape
from midwatch.commands import entries, words

FALSE = frozenset({"false", "0", "no", "off", "f", "n"})
LONG = 2


@shape.frozen
class Flag:
    """One flag as given; `value` is a pattern, None where none was given."""

    name: str
    value: str | None
    text: str


@dataclasses.dataclass(slots=True)
class Given:
    """What was given to a tool."""

    tool: entries.Tool
    entry: entries.Entry
    flags: list[Flag] = dataclasses.field(default_factory=list)
    outer: list[Flag] = dataclasses.field(default_factory=list)
    """Those before the sub-command that mean something else behind it: `compose -f FILE logs`."""
    operands: list[words.Argument] = dataclasses.field(default_factory=list)
    rests: list[int] = dataclasses.field(default_factory=list)
    """For each operand, its place among all arguments."""
    arguments: Sequence[words.Argument] = ()
    dashdash: int | None = None
    """How many operands stand before `--`."""
    many: bool = False
    """Some word may be any number of words, flags among them."""
    many_after: int | None = None
    """How many words stand before the first such word."""
    undetermined: bool = False
    """The sub-command cannot be told: it is not known, or an unknown flag stands before it."""
    unsure: bool = False
    """A flag that is not known stands before the sub-command, and may have taken a word."""
    stray: int | None = None
    """How many words stand before the first flag that is not known."""

    def after(self, operand: int) -> Sequence[words.Argument]:
        """Every word from that operand on, flags included."""
        if operand >= len(self.rests):
            return ()
        return self.arguments[self.rests[operand] :]

    def matching(self, names: frozenset[str]) -> list[Flag]:
        """The flags given by one of these names."""
        return [flag for flag in self.flags if flag.name in names]

    def value(self, *names: str) -> str | None:
        """The last value given to one of these flags, where it is known."""
        for flag in reversed(self.flags):
            if flag.name in names:
                return flag.value if flag.value and words.HOLE not in flag.value else None
        return None

    def has(self, *names: str) -> bool:
        """Whether one of these flags is given."""
        return any(flag.name in names for flag in self.flags)

    def mapping(self) -> Mapping[str, str | None]:
        """Each flag with its value, as written."""
        flags = (flag for flag in (*self.outer, *self.flags) if flag.name != "--")
        return {flag.name: flag.text if flag.value is not None else None for flag in flags}


def sort(tool: entries.Tool, arguments: Sequence[words.Argument]) -> Given:
    """Sort a tool's arguments by what is known of its flags and sub-commands."""
    return _Sorter(tool, arguments).run()


class _Sorter:
    def __init__(self, tool: entries.Tool, arguments: Sequence[words.Argument]) -> None:
        self.tool = tool
        self.arguments = arguments
        self.next = 0
        self.given = Given(tool, tool.root, arguments=arguments)
        self.ended = False
        self.searching = bool(tool.root.children)

    def run(self) -> Given:
        while self.next < len(self.arguments):
            argument = self.arguments[self.next]
            self.next += 1
            pattern = argument.pattern
            if self.ended or len(pattern) < LONG or pattern[0] != "-":
                self.operand(argument)
            elif pattern == "--":
                self.ended = True
                self.given.dashdash = len(self.given.operands)
                self.given.flags.append(Flag("--", None, ""))
            elif pattern[1] == words.HOLE or pattern.startswith("--" + words.HOLE):
                self.may_be_many()
                self.lost()
            else:
                self.flag(argument)
        if not self.given.entry.known and not self.tool.verbs:
            self.given.undetermined = True
        return self.given

    def may_be_many(self) -> None:
        """Note that a word may be several, flags among them."""
        self.given.many = True
        if self.given.many_after is None:
            self.given.many_after = len(self.given.entry.path) + len(self.given.operands)

    def lost(self) -> None:
        """The sub-command cannot be found any more, when it has not been found yet."""
        if self.searching and self.given.entry.children:
            self.given.undetermined = True

    def operand(self, argument: words.Argument) -> None:
        given = self.given
        if argument.many:
            self.may_be_many()
            self.lost()
        elif self.searching and self.descend(argument):
            return
        given.operands.append(argument)
        given.rests.append(self.next - 1)
        if given.entry.flags_end_at_operand:
            self.ended = True

    def descend(self, argument: words.Argument) -> bool:
        """Go down to the sub-command of that name, if there is one."""
        given = self.given
        if words.HOLE in argument.pattern:
            self.lost()
            return False
        child = given.entry.children.get(argument.pattern)
        if child is None:
            self.searching = False
            return False
        self.part_flags(given.entry, child)
        given.entry = child
        self.searching = bool(child.children)
        return True

    def part_flags(self, above: entries.Entry, below: entries.Entry) -> None:
        """Put aside the flags that the sub-command knows by the same name for something else."""
        given = self.given
        for flag in tuple(given.flags):
            kind = above.kinds.get(flag.name)
            if kind is not None and below.kinds.get(flag.name) not in {None, kind}:
                given.flags.remove(flag)
                given.outer.append(flag)

    def flag(self, argument: words.Argument) -> None:
        pattern = argument.pattern
        name, equals, value = pattern.partition("=")
        kinds = self.given.entry.kinds
        if pattern.startswith("--") or self.tool.long_single_dash:
            self.long(name, value if equals else None, argument)
        elif name in kinds and len(name) > LONG:
            self.record(name, value if equals else None, argument)
        elif len(pattern) == LONG:
            self.record(pattern, None, argument)
        else:
            self.cluster(argument)

    def long(self, name: str, value: str | None, argument: words.Argument) -> None:
        kinds = self.given.entry.kinds
        if name not in kinds and self.tool.long_single_dash:
            other = name[1:] if name.startswith("--") else f"-{name}"
            name = other if other in kinds else name
        if name not in kinds and self.tool.abbreviations and name.startswith("--"):
            longer = sorted(each for each in self.names() if each.startswith(name))
            for candidate in longer[1:]:
                self.given.flags.append(Flag(candidate, value, argument.text))
            name = longer[0] if longer else name
        self.record(name, value, argument)

    def names(self) -> set[str]:
        rules = (rule.names for rule in self.given.entry.flags)
        return set(self.given.entry.kinds).union(*rules)

    def record(self, name: str, value: str | None, argument: words.Argument) -> None:
        kind = self.given.entry.kinds.get(name)
        text = argument.text.partition("=")[2] if value is not None else argument.text
        if kind == "value" and value is None:
            value, text = self.following()
        elif kind not in {"value", "optional"} and value is not None and value in FALSE:
            return
        elif kind is None and value is None:
            self.unknown(name)
        self.given.flags.append(Flag(name, value, text))

    def unknown(self, name: str) -> None:
        """A flag that is not known may take the next word: the sub-command is no longer sure."""
        if any(name in rule.names for rule in self.given.entry.flags):
            return
        if self.searching and self.next < len(self.arguments):
            self.given.unsure = self.given.unsure or self.may_hide_a_word()
        if self.given.stray is None:
            self.given.stray = len(self.given.entry.path) + len(self.given.operands)

    def may_hide_a_word(self) -> bool:
        """Whether the next word might be the flag's value and no sub-command, or the reverse."""
        children = self.given.entry.children
        if not self.given.entry.known or not self.given.entry.path:
            return bool(children)
        return any(
            each.pattern in children or words.HOLE in each.pattern
            for each in self.arguments[self.next :]
        )

    def following(self) -> tuple[str | None, str]:
        if self.next >= len(self.arguments):
            return None, ""
        argument = self.arguments[self.next]
        self.next += 1
        if argument.many:
            self.may_be_many()
            return words.HOLE, argument.text
        return argument.pattern, argument.text

    def cluster(self, argument: words.Argument) -> None:
        """Short flags in one word: `-rf`, and glued values: `-nprod`."""
        kinds = self.given.entry.kinds
        letters = argument.pattern[1:]
        for index, letter in enumerate(letters):
            name = f"-{letter}"
            rest = letters[index + 1 :]
            kind = kinds.get(name)
            if kind == "value":
                value, text = (rest.removeprefix("="), rest) if rest else self.following()
                self.given.flags.append(Flag(name, value, text or ""))
                return
            if kind == "optional":
                self.given.flags.append(Flag(name, rest or None, rest))
                return
            if rest.startswith("="):
                value = rest[1:]
                if value not in FALSE:
                    self.given.flags.append(Flag(name, value, value))
                return
            if letter == words.HOLE:
                self.may_be_many()
                return
            self.given.flags.append(Flag(name, None, ""))
            if kind is None and not rest:
                self.unknown(name)
