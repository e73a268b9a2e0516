"""The use cases behind `midwatch bundle` and `midwatch verify`."""

from __future__ import annotations

import dataclasses
import hashlib
import os
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import midwatch
from midwatch.app import kept_runbook, running
from midwatch.base import errors
from midwatch.db import place
from midwatch.plugs.steps import driver
from midwatch.runs import archive, chain, events, evidence, journal, secrets
from midwatch.runs import transcript as transcripts

CHUNK = 1 << 16


@dataclasses.dataclass(frozen=True, slots=True)
class Written:
    """A bundle that was written."""

    run_id: str
    path: Path
    events: int
    head: str
    seal: str
    notes: tuple[str, ...]


def check_place(path: Path) -> None:
    """Whether a bundle can be written there, before anything else happens."""
    folder = path.parent
    if path.is_dir():
        raise errors.UserError(f"{path} is a folder.", "Name the file of the bundle in it.")
    if not folder.is_dir():
        raise errors.UserError(f"The bundle cannot be written: there is no folder {folder}.")
    if not os.access(folder, os.W_OK):
        raise errors.UserError(f"The bundle cannot be written: you may not write to {folder}.")


def bundle(run: str, path: Path) -> Written:
    """Collect a run's evidence into one archive."""
    check_place(path)
    records = journal.Journal(place.state_folder())
    run_id = records.find(run)
    collected = _collect(run_id, records)
    _write(path, collected.sources())
    notes = [f"{name} is left out: {why}." for name, why in collected.manifest.left_out.items()]
    notes += [f"{name} still holds the value of a secret." for name in collected.telling()]
    lines = collected.lines
    return Written(
        run_id=run_id,
        path=path,
        events=len(lines),
        head=lines[-1].hash or "",
        seal=evidence.seal(collected.sums()),
        notes=tuple(notes),
    )


def head(run: str) -> str:
    """The hash of the run's last event."""
    records = journal.Journal(place.state_folder())
    run_id = records.find(run)
    last = records.entries(run_id)[-1].hash
    if last is None:
        raise errors.UserError(
            f"Run {run_id} is older than the journal's chain: it has no hash to keep."
        )
    return last


@dataclasses.dataclass(frozen=True, slots=True)
class _Collected:
    """All that goes into a bundle: small texts as bytes, outputs as files."""

    lines: tuple[chain.Line, ...]
    manifest: evidence.Manifest
    texts: Mapping[str, bytes]
    files: Mapping[str, Path]

    def sources(self) -> Iterator[archive.Source]:
        """The members in their order, the list of hashes last."""
        for name, data in self.texts.items():
            yield archive.Source(name, len(data), (data,))
        for name, path in self.files.items():
            yield archive.Source(name, path.stat().st_size, _chunks(path))
        data = self.sums().encode()
        yield archive.Source(evidence.SUMS, len(data), (data,))

    def sums(self) -> str:
        """The list of hashes."""
        found = [(name, hashlib.sha256(data).hexdigest()) for name, data in self.texts.items()]
        return evidence.sums(found + [(name, _sha256(path)) for name, path in self.files.items()])

    def telling(self) -> Iterator[str]:
        """Texts in which the value of one of today's secrets stands in plain."""
        masker = secrets.Masker(secrets.of_environment(os.environ).values())
        for name, data in self.texts.items():
            if masker and masker.whole(data) != data:
                yield name


def _collect(run_id: str, records: journal.Journal) -> _Collected:
    folder = running.folder_of(run_id)
    recorded = records.read(run_id)
    lines = tuple(chain.of(entry) for entry in records.entries(run_id))
    planned = recorded[0].event
    if not isinstance(planned, events.Planned):
        raise errors.BugError(f"The journal of run {run_id} does not begin with its plan.")
    left_out: dict[str, str] = {}
    files = dict(_outputs(folder, lines, left_out))
    runbook = kept_runbook.find(folder, planned.plan)
    masked: tuple[str, ...] = ()
    if runbook is None:
        left_out[evidence.RUNBOOK] = "its text was not kept, and the file is another now"
    elif hashlib.sha256(runbook).hexdigest() != planned.plan.runbook_digest:
        masked = (evidence.RUNBOOK,)
    manifest = evidence.Manifest(
        midwatch=midwatch.__version__,
        run_id=run_id,
        events=len(lines),
        head=lines[-1].hash or "",
        masked=masked,
        left_out=left_out,
    )

    def printed(step: int, attempt: int) -> str | None:
        path = files.get(evidence.output(step, attempt))
        return path.read_bytes().decode("utf-8", "replace") if path else None

    texts = {
        evidence.MANIFEST: manifest.text(),
        evidence.JOURNAL: "".join(f"{line.sealed}\n" for line in lines),
        evidence.PLAN: evidence.plan_text(lines[0]),
        evidence.TRANSCRIPT: transcripts.markdown(run_id, recorded, printed),
    }
    data = {name: text.encode("utf-8", "surrogateescape") for name, text in texts.items()}
    if runbook is not None:
        data[evidence.RUNBOOK] = runbook
    return _Collected(lines, manifest, data, files)


def _outputs(
    folder: Path, lines: tuple[chain.Line, ...], left_out: dict[str, str]
) -> Iterator[tuple[str, Path]]:
    """The files of what was printed; only what is on record is masked, so nothing else."""
    for each in evidence.printed(lines):
        path = folder / f"{each.name}.{driver.OUTPUT}"
        name = evidence.OUTPUT.format(each.name)
        if path.is_file():
            if each.ended:
                yield name, path
            else:
                left_out[name] = "the step has no result, and its output was never masked"
        elif each.size:
            left_out[name] = "the file is gone"


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while data := file.read(CHUNK):
            yield data


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    for data in _chunks(path):
        digest.update(data)
    return digest.hexdigest()


def _write(path: Path, sources: Iterator[archive.Source]) -> None:
    """Written beside and renamed: nobody ever reads half of it."""
    try:
        handle, beside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
        try:
            with os.fdopen(handle, "wb") as file:
                archive.write(file, sources)
                file.flush()
                os.fsync(file.fileno())
            Path(beside).replace(path)
        except (OSError, archive.DamagedError):
            Path(beside).unlink(missing_ok=True)
            raise
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise errors.WorldError(f"The bundle {path} cannot be written: {reason}.") from error
    except archive.DamagedError as error:
        raise errors.WorldError(
            f"{error}.", "The run goes on: bundle it when it is over."
        ) from error


def verify(path: Path, expected: str | None) -> evidence.Verdict:
    """Whether nothing in the bundle was changed; damage is told where it begins."""
    try:
        with path.open("rb") as file:
            members = list(archive.read(file))
    except archive.DamagedError as error:
        raise errors.UserError(
            f"{path} is no bundle, or was damaged: {error}.",
            "Midwatch proves what `midwatch bundle` wrote, byte for byte.",
        ) from error
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise errors.UserError(f"{path} cannot be read: {reason}.") from error
    return evidence.judge(members, expected)
