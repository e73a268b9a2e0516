"""What a rule is given, what it says, and what a person is told."""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Callable, Iterable

from midwatch.base import shape
from midwatch.runbook import model as runbooks


class Severity(enum.StrEnum):
    """How sure and how bad: an `error` breaks the procedure, an `info` asks for a second look."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


RANK = {Severity.INFO: 0, Severity.WARNING: 1, Severity.ERROR: 2}


class Area(enum.StrEnum):
    """The families of rules."""

    COMMAND = "command"
    SHELL = "shell"
    MEANING = "meaning"
    SAFETY = "safety"
    PROCEDURE = "procedure"
    ALERT = "alert"
    MANIFEST = "manifest"


@dataclasses.dataclass(frozen=True, slots=True, order=True)
class Replacement:
    """A safe change of one piece of the file: lines and columns are 1-based, the end excluded."""

    line: int
    column: int
    end_line: int
    end_column: int
    new: str


@shape.frozen
class Claim:
    """That a tool lacks something, so that the tool itself may be asked."""

    tool: str
    command: tuple[str, ...]
    """The sub-command that is known."""
    missing: str
    """The word or the flag behind it that is not there."""


@shape.frozen
class Hit:
    """What a rule says about one place; what it leaves empty is taken from the rule."""

    line: int
    message: str
    """One sentence that names what is wrong here."""
    why: str = ""
    fix: str = ""
    column: int = 1
    end_line: int = 0
    end_column: int = 0
    severity: Severity | None = None
    replacement: Replacement | None = None
    path: str = ""
    """The file it is about, where that is not the subject's own document."""
    claim: Claim | None = None


@shape.frozen
class AlertRule:
    """One alert of a Prometheus rule file, as `--rules` gave it."""

    path: str
    line: int
    name: str
    expression: str
    duration: str | None = None
    severity: str | None = None
    runbook: str | None = None


@shape.frozen
class Silence:
    """Rules that a document asks not to hear on some lines, both ends included."""

    patterns: tuple[str, ...]
    first: int
    last: int
    reason: str


@shape.frozen
class Outline:
    """What other documents may need to know of a runbook."""

    path: str
    title: str
    headings: tuple[runbooks.Heading, ...]
    links: tuple[runbooks.Link, ...]
    rules: tuple[runbooks.Rule, ...]
    procedures: tuple[str, ...]
    symptomatic: tuple[runbooks.Heading, ...] = ()
    """The headings of procedures that begin with symptoms."""
    silences: tuple[Silence, ...] = ()


def outline(runbook: runbooks.Runbook, silences: tuple[Silence, ...] = ()) -> Outline:
    """What other documents may need to know of this one."""
    return Outline(
        path=runbook.path,
        title=runbook.title,
        headings=runbook.headings,
        links=runbook.links,
        rules=runbook.rules,
        procedures=tuple(procedure.id for procedure in runbook.procedures),
        symptomatic=tuple(
            runbooks.Heading(p.line, p.level, p.title, p.id)
            for p in runbook.procedures
            if p.symptoms
        ),
        silences=silences,
    )


def nowhere(_path: str) -> bool:
    """The answer where no files are known: nothing exists."""
    return False


def unread(_path: str) -> str | None:
    """The answer where no files are known: nothing can be read."""
    return None


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Subject:
    """One document under check, with what surrounds it.

    It is equal to itself alone, so that what many rules ask of it can be remembered.
    """

    runbook: runbooks.Runbook
    text: str
    lines: tuple[str, ...]
    """The file's lines; line 1 is `lines[0]`, `line(1)` is kinder."""
    exists: Callable[[str], bool] = nowhere
    """Whether a path the document names stands beside it or in its repository."""
    text_of: Callable[[str], str | None] = unread
    """What stands in the Markdown file of that path; nothing where there is none."""

    def line(self, number: int) -> str:
        """The text of a 1-based line; nothing where there is no such line."""
        return self.lines[number - 1] if 0 < number <= len(self.lines) else ""


@shape.frozen
class Unproven:
    """A procedure that worked once, as far as anybody wrote down, and may not any more."""

    path: str
    line: int
    title: str
    why: str
    """Half a sentence: `its steps have changed since it last worked`."""


@shape.frozen
class Nameless:
    """A role in an escalation that stands for nobody whom the watch could tell."""

    path: str
    line: int
    words: str


@shape.frozen
class Unreached:
    """A level of an escalation that reaches nobody at some hours."""

    path: str
    line: int
    level: str
    why: str
    """How long, and from when to when first."""


@shape.frozen
class Collection:
    """All documents of one check, and what is known of them from elsewhere."""

    outlines: tuple[Outline, ...] = ()
    alerts: tuple[AlertRule, ...] = ()
    """The alert rules that should lead to them."""
    unproven: tuple[Unproven, ...] = ()
    nameless: tuple[Nameless, ...] = ()
    unreached: tuple[Unreached, ...] = ()


@shape.frozen
class Example:
    """One fault and its cure, for the rule's page."""

    bad: str
    good: str


@shape.frozen
class Rule:
    """One thing Midwatch knows can be wrong with a runbook."""

    id: str
    """`area/name`; the name is the module's, with hyphens."""
    severity: Severity
    summary: str
    """What it finds, in one line."""
    why: str
    """The outage it causes, in one or two sentences."""
    fix: str
    """What to write instead, in one sentence."""
    example: Example
    check: Callable[[Subject], Iterable[Hit]] | None = None
    check_all: Callable[[Collection], Iterable[Hit]] | None = None
    """For rules that need every document of the check at once."""
    doubt: str = ""
    """When it may be wrong, for the rule's page."""

    @property
    def area(self) -> Area:
        """The family it belongs to."""
        return Area(self.id.partition("/")[0])


@shape.frozen
class Finding:
    """One diagnostic, as every report shows it."""

    rule: str
    severity: Severity
    path: str
    line: int
    column: int
    end_line: int
    end_column: int
    message: str
    why: str
    fix: str
    fingerprint: str = ""
    """Stays the same while the faulty line does, wherever the line moves to."""
    source: str = ""
    """The faulty line's text."""
    replacement: Replacement | None = None
    claim: Claim | None = None
    """What a program of this machine could be asked about it."""
