"""What a piece of shell text is: statements, the commands in them, and what each one does."""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Hashable, Iterable, Mapping

from midwatch.base import shape


class Effect(enum.StrEnum):
    """What a command does to the world, from harmless to lost; `unknown` is never `read`."""

    READ = "read"
    UNKNOWN = "unknown"
    CHANGE = "change"
    DESTROY = "destroy"


RANK = {Effect.READ: 0, Effect.UNKNOWN: 1, Effect.CHANGE: 2, Effect.DESTROY: 3}


def worst(effects: Iterable[Effect]) -> Effect:
    """The effect of a whole is the worst of its parts; nothing at all is `read`."""
    return max(effects, key=RANK.__getitem__, default=Effect.READ)


class Trait(enum.StrEnum):
    """What else a person should know before a command runs."""

    INTERACTIVE = "interactive"
    ENDLESS = "endless"
    WAITS = "waits"
    REVEALS_SECRET = "reveals-secret"  # noqa: S105  (the word for a trait, no secret)
    DISRUPTIVE = "disruptive"
    IRREVERSIBLE = "irreversible"
    LOCAL = "local"
    REMOTE = "remote"
    OPENS_WORLD = "opens-world"


@shape.frozen
class Span:
    """Where something stands in the text it was read from: character offsets, end excluded."""

    start: int
    end: int


@shape.frozen
class Word:
    """One word of a command: as written, and its value where that is known before it runs."""

    text: str
    value: str | None
    span: Span


@shape.frozen
class Judgement:
    """What something does, and the sentence that says which knowledge entry decided it."""

    effect: Effect
    why: str
    traits: frozenset[Trait] = frozenset()


@shape.frozen
class Command:
    """One simple command: its words, its place, what it does and why we say so."""

    text: str
    span: Span
    words: tuple[Word, ...]
    tool: str | None
    effect: Effect
    traits: frozenset[Trait]
    why: str
    path: tuple[str, ...] = ()
    """The sub-command found behind the flags: `("rollout", "undo")`."""
    flags: Mapping[str, str | None] = dataclasses.field(default_factory=dict)
    """Each flag given, as written, with its value."""
    operands: tuple[str, ...] = ()
    """What stands after the sub-command and is no flag."""
    target: str | None = None
    """What it touches, such as `deployment/worker in batchsender`."""
    look_first: str | None = None
    """A read-only command that shows what this one will touch."""
    undo: str | None = None
    """A command, or a sentence, that takes it back."""
    record: str | None = None
    """A read-only command that prints what `restore` needs, as it is before this one runs."""
    restore: str | None = None
    """What takes it back once that is recorded: `{recorded}` is the word that was printed,
    `{record_file}` the file that holds all of it."""
    fine_exits: Mapping[int, str] = dataclasses.field(default_factory=dict)
    """Exit codes beside 0 that are answers and no failures, each with its meaning."""
    reveals: bool = False
    """It prints a secret that it has from elsewhere: `vault read`, `kubectl get secret -o yaml`."""
    inside: tuple[Command, ...] = ()
    """What it runs: the command behind `kubectl exec … --`, the SQL of `psql -c`."""


@shape.frozen
class Comment:
    """A `# …` in the text: without the mark, and whether it has its line to itself."""

    text: str
    span: Span
    own_line: bool


@shape.frozen
class Placeholder:
    """A hole in the text that would not parse as the author meant it: `<pod-name>`, `[name]`."""

    text: str
    span: Span


@shape.frozen
class Statement:
    """One top-level shell statement: started and finished as a whole."""

    text: str
    span: Span
    commands: tuple[Command, ...]
    effect: Effect
    traits: frozenset[Trait]
    why: str
    sets: frozenset[str] = frozenset()
    """Variables it gives a value, `export` and `read` and `for` included."""
    uses: frozenset[str] = frozenset()
    """Variables it needs from before (`${X:-default}` needs nothing)."""
    defines: frozenset[str] = frozenset()
    """Functions it defines."""
    captures: frozenset[str] = frozenset()
    """Variables that it fills with a secret which one of its commands prints."""
    reveals: bool = False
    """It prints such a secret."""


@shape.frozen
class Problem:
    """Why some text is not shell, and where."""

    message: str
    span: Span


@shape.frozen
class Reading:
    """All that was read from one piece of shell text; `problem` where it does not parse whole."""

    text: str
    statements: tuple[Statement, ...]
    comments: tuple[Comment, ...]
    placeholders: tuple[Placeholder, ...] = ()
    problem: Problem | None = None


@shape.frozen
class Context:
    """What the rest of the document says that a command's meaning may hang on."""

    scripts: Mapping[str, Judgement] = dataclasses.field(default_factory=dict)
    """Scripts the document defines, by file name (`health-check.sh`)."""
    functions: Mapping[str, Judgement] = dataclasses.field(default_factory=dict)
    variables: Mapping[str, str] = dataclasses.field(default_factory=dict)
    """Values that earlier statements of the document gave, where they are literal."""

    def key(self) -> Hashable:
        """The same for contexts that say the same."""
        parts = (self.scripts, self.functions, self.variables)
        return tuple(frozenset(part.items()) for part in parts)


EMPTY = Context()
