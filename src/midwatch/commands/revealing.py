"""Where a secret goes that a command prints: onto the terminal, or into a variable.

`vault read` shows it; `TOKEN=$(vault read …)` keeps it in TOKEN; `… | wc -c` and `… > file` do
neither.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from midwatch.base import shape
from midwatch.commands import model, redirections, syntax, variables, vocabulary, words

PASSING = vocabulary.of(
    """
    base64 base32 jq yq cut tr sed awk gawk head tail grep egrep fgrep sort uniq cat tac tee rev
    xargs column fmt fold nl paste xxd od hexdump strings iconv gunzip zcat python python3 perl ruby
    node
    """
)
"""What prints what it reads, in one shape or another."""
PRINTERS = frozenset({"echo", "printf", "cat"})
SILENT = frozenset({"-q", "--quiet", "--silent", "-c", "--count"})


@shape.frozen
class Revealed:
    """What becomes of the secrets that a statement gets at."""

    shown: bool = False
    """It prints one."""
    captures: frozenset[str] = frozenset()
    """Variables that hold one."""


NOTHING = Revealed()


def of(statement: syntax.Statement, commands: Sequence[model.Command]) -> Revealed:
    """Where the secrets go that these commands of the statement print."""
    spans = frozenset((each.span.start, each.span.end) for each in commands if each.reveals)
    if not spans:
        return NOTHING
    walk = _Walk(spans)
    shown = walk.prints(statement)
    return Revealed(shown, frozenset(walk.captures))


class _Walk:
    """Follows what is printed through one statement."""

    def __init__(self, spans: frozenset[tuple[int, int]]) -> None:
        self.spans = spans
        self.captures: set[str] = set()

    def prints(self, statement: syntax.Statement) -> bool:
        """Whether a secret comes out of the statement."""
        shown = self.of_node(statement.node)
        if _any([self.holds(word) for word in _read(statement)]):
            self.captures |= _readers(statement)
        return shown and not any(_takes(each) for each in statement.redirections)

    def of_node(self, node: syntax.Node) -> bool:
        match node:
            case syntax.Call():
                return self.call(node)
            case syntax.Declaration():
                self.assigned(node.assignments)
                return False
            case syntax.Pipeline():
                return self.pipeline(node)
            case syntax.Compound():
                if _any([self.holds(word) for word in node.words]) and node.variable:
                    self.captures.add(node.variable)
                return _any([self.prints(each) for each in node.statements])
            case _:
                return False

    def call(self, node: syntax.Call) -> bool:
        """A command prints its own secret; `echo` prints one that stands in its words."""
        if not node.words:
            self.assigned(node.assignments)
            return False
        held = _any([self.holds(word) for word in node.words])
        own = (node.span.start, node.span.end) in self.spans
        return own or (held and _name(node) in PRINTERS)

    def assigned(self, assignments: Iterable[syntax.Assignment]) -> None:
        for each in assignments:
            if _any([self.holds(word) for word in each.words]):
                self.captures.add(each.name)

    def pipeline(self, node: syntax.Pipeline) -> bool:
        """Each part passes on what it reads, or keeps it to itself."""
        carried = False
        for each in node.statements:
            own = self.prints(each)
            if carried and isinstance(each.node, syntax.Call) and _name(each.node) == "read":
                self.captures |= _readers(each)
            carried = own or (carried and _passes(each))
        return carried

    def holds(self, word: syntax.Word) -> bool:
        """Whether a substitution in the word stands for a secret."""
        return _any([self.prints(each) for each in _substituted(word)])


def _any(found: Sequence[bool]) -> bool:
    """Whether one holds, all of them having been looked at: each may keep a secret somewhere."""
    return any(found)


def _substituted(word: syntax.Word) -> Iterator[syntax.Statement]:
    for part in word.parts:
        match part:
            case syntax.Substitution():
                yield from part.statements
            case syntax.Parameter() | syntax.Arithmetic():
                for inner in part.words:
                    yield from _substituted(inner)
            case syntax.Literal():
                pass


def _read(statement: syntax.Statement) -> Iterator[syntax.Word]:
    """The words that the statement reads its input from."""
    for each in statement.redirections:
        if each.operator in redirections.INPUTS:
            yield each.word
            if each.body is not None:
                yield each.body


def _readers(statement: syntax.Statement) -> frozenset[str]:
    return frozenset(variables.uses(statement).sets)


def _takes(redirection: syntax.Redirection) -> bool:
    """Whether what would be printed goes into a file."""
    if redirection.operator not in redirections.WRITES or redirection.number not in {"", "1"}:
        return False
    target = words.text_of(redirection.word, variables.NOTHING_KNOWN)
    return not redirections.shows(target, redirection.operator)


def _name(node: syntax.Call) -> str:
    return words.text_of(node.words[0], variables.NOTHING_KNOWN).rpartition("/")[2]


def _passes(statement: syntax.Statement) -> bool:
    node = statement.node
    if not isinstance(node, syntax.Call) or not node.words:
        return isinstance(node, syntax.Compound)
    said = {words.text_of(word, variables.NOTHING_KNOWN) for word in node.words[1:]}
    taken = any(_takes(each) for each in statement.redirections)
    return _name(node) in PASSING and not said & SILENT and not taken
