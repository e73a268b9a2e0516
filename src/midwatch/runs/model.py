"""What a run is made of: the plan, its steps, and how it can end."""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Mapping

from midwatch.base import shape
from midwatch.commands import model as commands


class Outcome(enum.StrEnum):
    """How a run ended, or where it stands."""

    SUCCEEDED = "succeeded"
    FAILED = "failed"
    STOPPED = "stopped"
    IN_DOUBT = "in-doubt"
    WAITING = "waiting"
    INTERRUPTED = "interrupted"
    RUNNING = "running"


class Carrier(enum.StrEnum):
    """Who carries a step out."""

    SHELL = "shell"
    FILE = "file"
    """It defines a script: saving it is all there is to do."""
    PERSON = "person"
    OUTSIDE = "outside"
    """A process of our own, by the step's kind: SQL, PromQL, a request, a manifest, a wait."""


@shape.frozen
class Recording:
    """What is kept of how something was, before a step changes it."""

    record: str
    """A read-only command that prints it."""
    restore: str
    """What takes the change back: `{recorded}` is the word that was printed, `{record_file}` the
    file that holds all of it."""
    instead_of: str = ""
    """The way back that is told where nothing was recorded."""


@shape.frozen
class PlannedStep:
    """One step, with its inputs bound: what a person is shown is what will run."""

    index: int
    line: int
    title: str
    phase: str
    kind: str
    language: str
    text: str
    """The exact words after inputs; a secret input stands as a variable."""
    effect: commands.Effect
    carrier: Carrier
    digest: str
    """Binds an approval to the runbook, these words, the inputs and the target."""
    traits: frozenset[commands.Trait] = frozenset()
    why: str = ""
    by_person: str = ""
    """Why a person carries it out, where that is so."""
    tools: tuple[str, ...] = ()
    touches: tuple[str, ...] = ()
    look_first: tuple[str, ...] = ()
    looks: tuple[str, ...] = ()
    """Those looks that only read, so that Midwatch may carry them out."""
    undo: tuple[str, ...] = ()
    records: tuple[Recording, ...] = ()
    fine_exits: Mapping[int, str] = dataclasses.field(default_factory=dict)
    choice: str | None = None
    option: str | None = None
    condition: str | None = None
    expected: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()
    """Of what is expected, the words that are printed exactly so."""
    cautions: tuple[str, ...] = ()
    file_name: str | None = None
    captures: tuple[str, ...] = ()
    """Variables that it fills with a secret."""
    reveals: bool = False
    """It prints a secret that is not known beforehand."""
    pieces: tuple[str, ...] = ()
    """Where values travel beside the text: the text in pieces, a value between each two."""
    parameters: tuple[Mapping[str, str | int | None], ...] = ()
    """Those values: each a `value`, or the `variable` of a secret one, and its `form`."""


@shape.frozen
class Plan:
    """A procedure with its inputs, for one target: all that a run needs to be carried out."""

    runbook: str
    runbook_digest: str
    procedure: str
    title: str
    target: str
    steps: tuple[PlannedStep, ...]
    folder: str
    """The working folder the first step begins in."""
    severity: str | None = None
    recovery_target: str | None = None
    cautions: tuple[str, ...] = ()
    inputs: Mapping[str, str] = dataclasses.field(default_factory=dict)
    """What each input was given; of a secret one, only that it was."""
    variables: Mapping[str, str] = dataclasses.field(default_factory=dict)
    """Inputs that reach the steps as environment: the variable and its value."""
    secrets: Mapping[str, str] = dataclasses.field(default_factory=dict)
    """Secret inputs: the variable that carries each, and the input's name."""
    environment: Mapping[str, str] = dataclasses.field(default_factory=dict)
    """What the run found in its environment, without secrets."""
    secret_environment: tuple[str, ...] = ()
    """Variables of the environment whose values are never written down."""
    scripts: Mapping[str, str] = dataclasses.field(default_factory=dict)
    """Scripts the document defines, by file name."""
    undo_steps: tuple[str, ...] = ()
    """The document's own way back, which does not run by itself."""
    undoes: str = ""
    """The run that this one takes back."""
    shell: str = ""
    """The shell's state it begins with, where that is another run's last one."""
    requested_by: str = ""
    """Who asked for the run."""
    wording: str = ""
    """The digest of what the procedure's steps say, which a proof holds for."""


BY_HAND = "A person does this."
MASK = "******"
"""What stands where a secret was."""
