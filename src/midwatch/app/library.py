"""The runbooks of a team, read once and again when a file changes."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from pathlib import Path

from midwatch.alerts import model as alerts
from midwatch.app import documents
from midwatch.base import errors
from midwatch.commands import model as commands
from midwatch.engine.watch import arrangements
from midwatch.incidents import matching
from midwatch.runbook import model as runbooks

CHANGES = frozenset({commands.Effect.CHANGE, commands.Effect.DESTROY, commands.Effect.UNKNOWN})
NOTHING_LEFT = frozenset({"restart", "reload"})
"""Sub-commands that change nothing which stays."""
WORDS = 60


@dataclasses.dataclass(frozen=True, slots=True)
class Kept:
    """A runbook as it was read, and what its file looked like then."""

    seen: tuple[int, int]
    runbook: runbooks.Runbook


class Library:
    """The runbooks at some paths; those that cannot be read are told, and the others serve."""

    def __init__(self, folder: Path, patterns: Sequence[str]) -> None:
        self._folder = folder
        self._patterns = tuple(patterns)
        self._kept: dict[Path, Kept] = {}
        self.unread: dict[str, str] = {}
        """Files that cannot be read now, with the reason."""

    def books(self) -> list[runbooks.Runbook]:
        """All of them as they stand on disk now."""
        found = []
        self.unread = {}
        for path in self._paths():
            try:
                found.append(self._read(path))
            except (errors.MidwatchError, OSError) as error:
                self.unread[str(path)] = str(error)
        return found

    def match(self, alert: alerts.Alert) -> matching.Found:
        """The procedure that the alert calls for."""
        return matching.match(alert, self.books())

    def find(self, address: str) -> tuple[runbooks.Runbook, runbooks.Procedure] | None:
        """The runbook and the procedure at RUNBOOK#PROCEDURE."""
        path, _, name = address.partition("#")
        for runbook in self.books():
            if runbook.path == path:
                for procedure in runbook.procedures:
                    if procedure.id == name:
                        return runbook, procedure
        return None

    def path_of(self, name: str) -> Path | None:
        """Where the runbook of that name lies."""
        return next(
            (path for path in self._paths() if path.relative_to(self._folder).as_posix() == name),
            None,
        )

    def examine(self, address: str, inputs: Mapping[str, str]) -> arrangements.Examined:
        """What stands in the way of carrying the procedure out with these inputs."""
        found = self.find(address)
        if found is None:
            return arrangements.Examined(for_person=(f"there is no {address} any more",))
        return examined(found[1], inputs)

    def _paths(self) -> list[Path]:
        found = {path for each in self._patterns for path in self._folder.glob(each)}
        return sorted(path for path in found if path.is_file())

    def _read(self, path: Path) -> runbooks.Runbook:
        stat = path.stat()
        seen = (stat.st_mtime_ns, stat.st_size)
        kept = self._kept.get(path)
        if kept is None or kept.seen != seen:
            read = documents.read(str(path))
            name = path.relative_to(self._folder).as_posix()
            kept = Kept(seen, dataclasses.replace(read, path=name))
            self._kept[path] = kept
        return kept.runbook


def examined(procedure: runbooks.Procedure, inputs: Mapping[str, str]) -> arrangements.Examined:
    """What stands in the way of carrying this procedure out without anybody."""
    irreversible, missing, for_person = [], [], []
    for step in procedure.steps:
        if step.phase in {runbooks.Phase.PREVENT, runbooks.Phase.COMMUNICATE, runbooks.Phase.UNDO}:
            continue
        if step.kind is runbooks.Kind.MANUAL or step.context is not None:
            for_person.append(_step(step))
        elif step.choice is not None or step.condition is not None:
            for_person.append(f"{_step(step)}, which is a choice")
        elif step.effect in CHANGES and not _reversible(step):
            irreversible.append(_step(step))
        missing += [
            each.name for each in step.inputs if each.name not in inputs and each.default is None
        ]
    return arrangements.Examined(
        tuple(irreversible), tuple(dict.fromkeys(missing)), tuple(for_person)
    )


def _step(step: runbooks.Step) -> str:
    """The step as a person finds it again: its line, and how its words begin."""
    first = step.text.strip().partition("\n")[0]
    return f"line {step.line} ({first if len(first) <= WORDS else first[:WORDS] + '…'})"


def _reversible(step: runbooks.Step) -> bool:
    """Whether each change of the step can be taken back, or leaves nothing to take back."""
    if step.effect is not commands.Effect.CHANGE or commands.Trait.IRREVERSIBLE in step.traits:
        return False
    changing = [each.command for each in step.commands if each.command.effect in CHANGES]
    return bool(changing) and all(_has_way_back(each) for each in changing)


def _has_way_back(command: commands.Command) -> bool:
    """By a command that is known, by what is recorded before it, or because nothing is left.

    The document's own Rollback does not count: nobody says of which steps it is the way back.
    """
    recorded = command.record and command.restore
    return bool(command.undo or recorded or NOTHING_LEFT & set(command.path))
