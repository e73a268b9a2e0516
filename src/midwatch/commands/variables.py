"""Which variables a piece of shell gives values to, and which it needs from before."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping

from midwatch.base import lazy
from midwatch.commands import syntax, vocabulary, words

NAME = lazy.pattern(r"[A-Za-z_][A-Za-z0-9_]*")
OWN = vocabulary.of(
    """
    HOME PWD OLDPWD USER LOGNAME SHELL PATH HOSTNAME RANDOM SECONDS LINENO UID EUID PPID IFS
    FUNCNAME REPLY OPTARG OPTIND TERM LANG TMPDIR PIPESTATUS SHLVL COLUMNS LINES
    EPOCHSECONDS EPOCHREALTIME MACHTYPE OSTYPE HOSTTYPE GROUPS DIRSTACK PS1 PS2 PS4 MAPFILE
    COPROC
    """
)
"""Variables that every shell has of itself."""
READERS = frozenset({"read", "mapfile", "readarray", "getopts", "printf", "unset", "wait", "let"})
REBINDERS = frozenset({"eval", "source", "."})
"""Built-ins that may change any variable out of sight."""
NO_VALUE = frozenset({"-d", "-n", "-N", "-p", "-t", "-u", "-i", "-a", "-O", "-s", "-C", "-c", "-v"})


@dataclasses.dataclass(slots=True)
class Uses:
    """What a statement sets, needs and defines; `values` are given literally (None: computed)."""

    sets: set[str] = dataclasses.field(default_factory=set)
    needs: set[str] = dataclasses.field(default_factory=set)
    defines: set[str] = dataclasses.field(default_factory=set)
    values: dict[str, list[str | None]] = dataclasses.field(default_factory=dict)
    bodies: dict[str, list[syntax.Statement]] = dataclasses.field(default_factory=dict)
    rebinds: bool = False

    def give(self, name: str, value: str | None) -> None:
        """Note that the name gets that value, or one that is not known."""
        self.sets.add(name)
        self.values.setdefault(name, []).append(value)

    def need(self, name: str) -> None:
        """Note that the name's value is asked for."""
        if name not in self.sets and name not in OWN and NAME.fullmatch(name):
            self.needs.add(name)


NOTHING_KNOWN = words.Known({}, frozenset())


def uses(statement: syntax.Statement) -> Uses:
    """Walk one statement in the order in which it is carried out."""
    found = Uses()
    _statement(statement, found)
    return found


def known(all_uses: Iterable[Uses], before: Mapping[str, str]) -> words.Known:
    """The variables that have one literal value throughout, and those that may hold anything."""
    values: dict[str, set[str | None]] = {name: {value} for name, value in before.items()}
    rebinds = False
    for each in all_uses:
        rebinds = rebinds or each.rebinds
        for name, given in each.values.items():
            values.setdefault(name, set()).update(given)
    if "IFS" in values:
        return words.Known({}, frozenset(values))
    single = {name: next(iter(options)) for name, options in values.items() if len(options) == 1}
    literal = {name: value for name, value in single.items() if value is not None}
    loose = {
        name
        for name, options in values.items()
        if name not in literal and any(_may_hold_flags(option) for option in options)
    }
    return words.Known({} if rebinds else literal, frozenset(loose))


def _may_hold_flags(value: str | None) -> bool:
    return value is not None and (value.startswith("-") or any(c.isspace() for c in value.strip()))


def _statement(statement: syntax.Statement, found: Uses) -> None:
    node = statement.node
    for redirection in statement.redirections:
        _word(redirection.word, found)
        if redirection.body:
            _word(redirection.body, found)
    if isinstance(node, syntax.Call):
        _call(node, found)
    elif isinstance(node, syntax.Declaration):
        _declaration(node, found)
    elif isinstance(node, syntax.Pipeline):
        for each in node.statements:
            _statement(each, found)
    elif isinstance(node, syntax.Compound):
        _compound(node, found)
    elif isinstance(node, syntax.Function):
        found.defines.add(node.name)
        found.bodies.setdefault(node.name, []).append(node.body)
        _statement(node.body, found)


def _compound(node: syntax.Compound, found: Uses) -> None:
    for word in node.words:
        _word(word, found)
    for name in node.names:
        if NAME.fullmatch(name):
            found.give(name, None)
    if node.variable:
        _loop_values(node, found)
    for each in node.statements:
        _statement(each, found)


def _loop_values(node: syntax.Compound, found: Uses) -> None:
    for word in node.words:
        text = words.text_of(word, NOTHING_KNOWN)
        found.give(node.variable, None if words.HOLE in text else text)
    found.give(node.variable, None)


def _call(node: syntax.Call, found: Uses) -> None:
    for assignment in node.assignments:
        _assignment(assignment, found, lasting=not node.words)
    for word in node.words:
        _word(word, found)
    if node.words:
        first = words.text_of(node.words[0], NOTHING_KNOWN)
        found.rebinds = found.rebinds or first in REBINDERS
        if first in READERS:
            _reader(first, [words.text_of(word, NOTHING_KNOWN) for word in node.words[1:]], found)


def _reader(name: str, arguments: list[str], found: Uses) -> None:
    if name == "printf":
        if arguments[:1] == ["-v"] and len(arguments) > 1:
            found.give(arguments[1], None)
        return
    if name == "getopts":
        arguments = arguments[1:2]
    skip = False
    for argument in arguments:
        if argument.startswith("-"):
            skip = argument in NO_VALUE and name != "unset" and argument != "-a"
            continue
        match = None if skip else NAME.match(argument)
        skip = False
        if match:
            found.give(match[0], None)


def _declaration(node: syntax.Declaration, found: Uses) -> None:
    for option in node.options:
        _word(option, found)
    options = [words.text_of(option, NOTHING_KNOWN) for option in node.options]
    if node.variant == "nameref" or any("n" in each for each in options if each.startswith("-")):
        found.rebinds = True
    for assignment in node.assignments:
        _assignment(assignment, found, lasting=True)


def _assignment(assignment: syntax.Assignment, found: Uses, *, lasting: bool) -> None:
    for word in assignment.words:
        _word(word, found)
    if assignment.bare or not lasting:
        return
    text = None
    if assignment.literal and assignment.value is not None:
        text = words.text_of(assignment.value, NOTHING_KNOWN)
    elif assignment.literal:
        text = ""
    found.give(assignment.name, None if text is None or words.HOLE in text else text)


def _word(word: syntax.Word, found: Uses) -> None:
    for part in () if word.plain else word.parts:
        if isinstance(part, syntax.Parameter):
            _parameter(part, found)
        elif isinstance(part, syntax.Substitution):
            for statement in part.statements:
                _statement(statement, found)
        elif isinstance(part, syntax.Arithmetic):
            for inner in part.words:
                _word(inner, found)
                _bare_name(inner, found)


def _parameter(part: syntax.Parameter, found: Uses) -> None:
    for inner in part.words:
        _word(inner, found)
    if not part.optional:
        found.need(part.name)
    if part.assigns:
        found.give(part.name, None)


def _bare_name(word: syntax.Word, found: Uses) -> None:
    """Arithmetic names variables without a dollar."""
    for part in word.parts:
        if isinstance(part, syntax.Literal) and not part.quoted and NAME.fullmatch(part.value):
            found.need(part.value)
