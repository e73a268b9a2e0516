"""The shapes of parsed shell text that matter for judging it; offsets are characters."""

from __future__ import annotations

from typing import TypeAlias

from midwatch.base import shape
from midwatch.commands import model


@shape.frozen
class Literal:
    """Text that means itself, quotes and backslashes already taken away."""

    value: str
    quoted: bool


@shape.frozen
class Parameter:
    """`$X`, `${X:-default}`, `$1`, `${list[@]}`."""

    name: str
    quoted: bool
    plain: bool
    """Nothing but the value: `$X` and `${X}`, no operator, no index."""
    many: bool = False
    """It may become any number of words: `"$@"`, `"${list[@]}"`."""
    optional: bool = False
    """It has a default, or only asks whether there is a value."""
    assigns: bool = False
    """`${X:=value}` gives X a value."""
    words: tuple[Word, ...] = ()


@shape.frozen
class Substitution:
    """`$(…)`, `<(…)` and backquotes: statements whose output stands here."""

    statements: tuple[Statement, ...]
    quoted: bool
    process: bool = False


@shape.frozen
class Arithmetic:
    """`$((…))`, or a pattern: its value is not known, but it may hold substitutions."""

    words: tuple[Word, ...]


Part: TypeAlias = Literal | Parameter | Substitution | Arithmetic


@shape.frozen
class Word:
    """One shell word, in parts."""

    parts: tuple[Part, ...]
    span: model.Span

    @property
    def plain(self) -> bool:
        """Whether it is one literal text, with nothing to expand."""
        return len(self.parts) == 1 and type(self.parts[0]) is Literal


@shape.frozen
class Assignment:
    """`X=value`, also as an operand of `export` and its kind; `value` is None for lists."""

    name: str
    value: Word | None
    words: tuple[Word, ...]
    """Every word it evaluates: the value, list elements, an index."""
    bare: bool = False
    """No value is given: `export X`."""
    literal: bool = True
    """A plain `X=value`, no `+=`, index or list."""


@shape.frozen
class Redirection:
    """`> file`, `2>&1`, `<<EOF`, `<<< text`."""

    operator: str
    word: Word
    body: Word | None
    """The text of a here-document."""
    number: str = ""


@shape.frozen
class Call:
    """A simple command: assignments before it, and its words."""

    assignments: tuple[Assignment, ...]
    words: tuple[Word, ...]
    span: model.Span


@shape.frozen
class Declaration:
    """`export`, `declare`, `local`, `readonly`, `typeset`, `nameref`."""

    variant: str
    options: tuple[Word, ...]
    assignments: tuple[Assignment, ...]
    span: model.Span


@shape.frozen
class Pipeline:
    """Statements of which each reads what the one before it prints."""

    statements: tuple[Statement, ...]


@shape.frozen
class Compound:
    """Lists, groups, loops, conditions: whatever runs all or some of its statements."""

    kind: str
    statements: tuple[Statement, ...]
    words: tuple[Word, ...] = ()
    """Words it evaluates itself: the list of `for`, the subject of `case`, a test."""
    variable: str = ""
    """What `for` or `select` gives its values to."""
    names: tuple[str, ...] = ()
    """Variables its arithmetic may change."""


@shape.frozen
class Function:
    """`name() { … }`."""

    name: str
    body: Statement


@shape.frozen
class Unparsed:
    """Text that is not shell, and why."""

    message: str


Node: TypeAlias = Call | Declaration | Pipeline | Compound | Function | Unparsed


@shape.frozen
class Statement:
    """One statement with its redirections."""

    node: Node
    redirections: tuple[Redirection, ...]
    span: model.Span
    background: bool = False


@shape.frozen
class Parsed:
    """One text after parsing; `problem` where some of it is not shell."""

    text: str
    statements: tuple[Statement, ...]
    comments: tuple[model.Comment, ...] = ()
    problem: model.Problem | None = None
