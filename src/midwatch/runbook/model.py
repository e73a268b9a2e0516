"""What a runbook is, once read; every element knows the line it stands on (1-based)."""

from __future__ import annotations

import enum

from midwatch.base import shape
from midwatch.commands import model as commands


class Phase(enum.StrEnum):
    """What part of a procedure a step belongs to."""

    DIAGNOSE = "diagnose"
    RESOLVE = "resolve"
    VERIFY = "verify"
    UNDO = "undo"
    PREVENT = "prevent"
    COMMUNICATE = "communicate"
    OPERATE = "operate"


class Kind(enum.StrEnum):
    """How a step is carried out."""

    SHELL = "shell"
    SQL = "sql"
    PROMQL = "promql"
    HTTP = "http"
    MANIFEST = "manifest"
    MANUAL = "manual"
    WAIT = "wait"
    SCRIPT = "script"
    """A block that defines a script; carrying it out saves the file, calling it comes later."""


@shape.frozen
class Place:
    """Where something stands in the file: 1-based line and column, in characters."""

    line: int
    column: int = 1
    end_line: int = 0
    end_column: int = 0


@shape.frozen
class Input:
    """A value the document leaves open: `<pod-name>`, `YOUR_X`, `$API_KEY`, `backend-xxxxx`."""

    name: str
    """The name a person sets it by: `pod-name`, `RESEND_API_KEY`."""
    line: int
    text: str
    """As written in the document, such as `<pod-name>`."""
    kind: str = "text"
    """pod, namespace, revision, commit, count, date, duration, host, url, secret, path, choice …"""
    secret: bool = False
    default: str | None = None
    choices: tuple[str, ...] = ()
    source: str | None = None
    """A read-only command that could list its values."""
    environment: bool = False
    """A shell variable that the document expects from outside, rather than a placeholder."""


@shape.frozen
class Slot:
    """One occurrence of an input in a step's text: character offsets in `Step.text`."""

    input: str
    start: int
    end: int


@shape.frozen
class Expectation:
    """What should be seen after a step, in the document's words."""

    line: int
    text: str
    literal: bool = False
    """The text is the output itself: `# Should output: ready`."""


@shape.frozen
class LocatedCommand:
    """A command at its line of the file."""

    line: int
    column: int
    command: commands.Command


@shape.frozen
class Step:
    """The smallest thing that is started, finished and judged."""

    line: int
    end_line: int
    title: str
    phase: Phase
    kind: Kind
    language: str
    """The language of `text`: bash, sql, promql, yaml, text …"""
    text: str
    """Exactly what the document says, without prompts; what will run, before inputs."""
    effect: commands.Effect
    traits: frozenset[commands.Trait] = frozenset()
    why: str = ""
    choice: str | None = None
    """Steps with the same choice are alternatives: one of them is carried out."""
    option: str | None = None
    """The name of this alternative (`manually`, `via Git`); steps of one option go together."""
    condition: str | None = None
    """"If database issues": a person answers before the step runs."""
    context: str | None = None
    """Another place it must run in (`inside pod`, `on DB server`); a person carries it there."""
    commands: tuple[LocatedCommand, ...] = ()
    inputs: tuple[Input, ...] = ()
    slots: tuple[Slot, ...] = ()
    expected: tuple[Expectation, ...] = ()
    cautions: tuple[str, ...] = ()
    sets: frozenset[str] = frozenset()
    uses: frozenset[str] = frozenset()
    captures: frozenset[str] = frozenset()
    """Variables that it fills with a secret."""
    reveals: bool = False
    """It prints a secret."""
    fence_line: int = 0
    """The line of the block it came from; 0 for prose."""
    unclear: str | None = None
    """Why Midwatch is not sure what this is, for a person to settle."""
    file_name: str | None = None
    """The file a script or manifest block says it is (`health-check.sh`, `hpa.yml`)."""


@shape.frozen
class Decision:
    """A branch the document states: "If CrashLoopBackOff → check logs"."""

    line: int
    condition: str
    action: str


@shape.frozen
class Procedure:
    """A section that holds steps."""

    id: str
    """The anchor a link to its heading uses, so that it is stable and can be linked."""
    title: str
    line: int
    level: int
    heading_path: tuple[str, ...]
    steps: tuple[Step, ...]
    severity: str | None = None
    recovery_target: str | None = None
    symptoms: tuple[str, ...] = ()
    cautions: tuple[str, ...] = ()
    decisions: tuple[Decision, ...] = ()
    see: tuple[str, ...] = ()
    """Links from its text to other procedures and documents."""
    end_line: int = 0


@shape.frozen
class Rule:
    """An alert condition in the document."""

    line: int
    name: str
    query: str | None = None
    threshold: str | None = None
    duration: str | None = None
    severity: str | None = None
    action: str | None = None
    procedure: str | None = None


@shape.frozen
class Script:
    """A script the document defines; a run saves it under its name before it is called."""

    name: str
    line: int
    text: str
    effect: commands.Effect
    traits: frozenset[commands.Trait] = frozenset()
    called_at: tuple[int, ...] = ()


@shape.frozen
class Schedule:
    """Something done regularly: a cron expression, "Daily Tasks"."""

    line: int
    every: str
    """`daily`, `weekly`, `monthly`, `quarterly`, or the cron expression as written."""
    title: str
    procedure: str | None = None


@shape.frozen
class EscalationLevel:
    """One row of an escalation table or rule."""

    line: int
    level: str
    who: str
    after: str
    """When it begins, as written: `15-30 minutes`, `if lag persists > 5 minutes`."""


@shape.frozen
class Contact:
    """Somebody to reach, and how; `unfilled` where the document has only a placeholder."""

    line: int
    role: str
    how: str
    unfilled: bool = False


@shape.frozen
class Retention:
    """How long something is kept."""

    line: int
    what: str
    period: str


@shape.frozen
class Severity:
    """A severity the document defines."""

    line: int
    name: str
    meaning: str


@shape.frozen
class Block:
    """One fenced or indented block, as found: every one is here, whatever it turned out to be."""

    line: int
    end_line: int
    tag: str
    """The info string's first word, as written."""
    language: str
    """What it is: bash, sql, yaml, output, logrotate …"""
    text: str
    role: str = "steps"
    """steps, script, manifest, output, example, query"""
    procedure: str | None = None


@shape.frozen
class Link:
    """A link in the text, for those who check that it leads somewhere."""

    line: int
    text: str
    href: str


@shape.frozen
class Heading:
    """A heading, with the anchor that links reach it by."""

    line: int
    level: int
    title: str
    anchor: str


@shape.frozen
class Note:
    """Something the reader could not make sense of; reading never fails, it notes."""

    line: int
    message: str


@shape.frozen
class Runbook:
    """One Markdown file at one content: everything Midwatch knows of it."""

    path: str
    title: str
    digest: str
    """sha256 of the bytes, in hex."""
    procedures: tuple[Procedure, ...] = ()
    inputs: tuple[Input, ...] = ()
    rules: tuple[Rule, ...] = ()
    scripts: tuple[Script, ...] = ()
    schedules: tuple[Schedule, ...] = ()
    escalation: tuple[EscalationLevel, ...] = ()
    contacts: tuple[Contact, ...] = ()
    severities: tuple[Severity, ...] = ()
    retention: tuple[Retention, ...] = ()
    blocks: tuple[Block, ...] = ()
    headings: tuple[Heading, ...] = ()
    links: tuple[Link, ...] = ()
    notes: tuple[Note, ...] = ()
    front_matter: tuple[tuple[str, str], ...] = ()
