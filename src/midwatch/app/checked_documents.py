"""The documents of a check: read and judged, by as many processes as that is worth."""

from __future__ import annotations

import concurrent.futures
import dataclasses
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from midwatch.app import checked_files, kept_findings, source_files, team_knowledge
from midwatch.base import lazy, shape
from midwatch.checks import judging, model, selection, suppression
from midwatch.runbook import model as runbooks
from midwatch.runbook import source

if TYPE_CHECKING:
    from midwatch.checks import registry, rule_files
    from midwatch.runbook import reading
else:
    registry = lazy.module("midwatch.checks.registry")
    rule_files = lazy.module("midwatch.checks.rule_files")
    reading = lazy.module("midwatch.runbook.reading")

MANY = 16
"""From this many unread files on, several processes share the work."""
BATCH = 12
"""Files a process reads at a time: enough to share a shell parser, few enough to share out."""
Progress = Callable[[int, int], None]
Document = kept_findings.Document


@shape.frozen
class File:
    """One file to check: where it is, how it is named in findings, and its bytes."""

    path: Path
    name: str
    data: bytes


@shape.frozen
class Request:
    """What is to be checked, and how."""

    paths: tuple[Path, ...]
    selection: selection.Selection = dataclasses.field(default_factory=selection.Selection)
    rule_files: tuple[Path, ...] = ()
    exclude: tuple[str, ...] = ()
    jobs: int = 0
    """How many processes; 0 asks the machine."""
    keep: bool = True
    """Whether findings are kept for next time, and taken from the last time."""
    given: File | None = None
    """A document handed over as it is, such as what an editor has not saved."""
    unproven: tuple[model.Unproven, ...] = ()
    """What the record of drills and runs says of procedures; never kept with the findings."""
    nameless: tuple[model.Nameless, ...] = ()
    """Roles that stand for nobody in midwatch.toml; never kept with the findings."""
    unreached: tuple[model.Unreached, ...] = ()
    """Levels that reach nobody at some hours; never kept with the findings."""


@shape.frozen
class Checked:
    """What was read, and what was found in it."""

    findings: tuple[model.Finding, ...]
    files: tuple[str, ...]


class Files(Protocol):
    """What is asked of the files around a document."""

    def exists(self, name: str, /) -> bool:
        """Whether there is a file or folder of that name."""

    def text(self, name: str, /) -> str | None:
        """What stands in the Markdown file of that path."""


class NoFiles:
    """A document that stands alone."""

    exists = staticmethod(model.nowhere)
    text = staticmethod(model.unread)


NO_FILES = NoFiles()


def silent(_done: int, _all: int) -> None:
    """Progress that nobody wants to see."""


def check(request: Request, progress: Progress = silent) -> Checked:
    """Every finding in the files asked for, file by file."""
    paths = checked_files.markdown_files(request.paths, request.exclude)
    files = [File(p, checked_files.shown(p), source_files.read_any(p)) for p in paths]
    files += [request.given] if request.given else []
    alerts = tuple(alert for path in request.rule_files for alert in alerts_in(path))
    documents = each(files, request, progress)
    findings = [finding for document in documents for finding in document.findings]
    if alerts or request.unproven or request.nameless or request.unreached:
        outlines = tuple(document.outline for document in documents)
        collection = model.Collection(
            outlines, alerts, request.unproven, request.nameless, request.unreached
        )
        findings += judging.judge_all(collection, registry.RULES, request.selection)
    findings.sort(key=lambda finding: (finding.path, finding.line, finding.column))
    return Checked(tuple(findings), tuple(file.name for file in files))


def each(files: Sequence[File], request: Request, progress: Progress) -> list[Document]:
    """What is in each file, in order; what was found before is not looked for again."""
    found = {index: kept_of(file, request) for index, file in enumerate(files)}
    missing = [index for index, document in found.items() if document is None]
    batches = [[files[i] for i in missing[at : at + BATCH]] for at in range(0, len(missing), BATCH)]
    done = len(files) - len(missing)
    for at, documents in enumerate(judged(batches, request)):
        found.update(zip(missing[at * BATCH :], documents, strict=False))
        done += len(documents)
        progress(done, len(files))
    return [document for document in found.values() if document is not None]


def kept_of(file: File, request: Request) -> Document | None:
    """What was found in a file before, if that still holds."""
    if not request.keep:
        return None
    name = kept_findings.key(file.name, file.data, request.selection)
    return kept_findings.find(name, checked_files.Nearby(file.path))


def judged(batches: Sequence[Sequence[File]], request: Request) -> Iterator[list[Document]]:
    """The batches, judged by as many processes as that is worth."""
    jobs = min(request.jobs or os.cpu_count() or 1, len(batches))
    if jobs <= 1 or sum(map(len, batches)) < MANY:
        for batch in batches:
            yield check_batch(batch, request)
        return
    with concurrent.futures.ProcessPoolExecutor(jobs) as pool:
        yield from pool.map(check_batch, batches, [request] * len(batches))


def check_batch(batch: Sequence[File], request: Request) -> list[Document]:
    """Some files, read together and judged one by one."""
    documents = []
    books = team_knowledge.read([(file.name, file.data) for file in batch])
    for file, runbook in zip(batch, books, strict=True):
        asked = kept_findings.Asked(checked_files.Nearby(file.path))
        document = judge(runbook, file.data, request.selection, asked)
        if request.keep:
            name = kept_findings.key(file.name, file.data, request.selection)
            kept_findings.keep(name, document, asked)
        documents.append(document)
    return documents


def check_bytes(
    name: str,
    data: bytes,
    chosen: selection.Selection,
    files: Files = NO_FILES,
) -> Document:
    """One document's bytes, read and judged; for editors and tests as well."""
    return judge(reading.read(name, data), data, chosen, files)


def judge(
    runbook: runbooks.Runbook,
    data: bytes,
    chosen: selection.Selection,
    files: Files = NO_FILES,
) -> Document:
    """What the rules find in a runbook made of those bytes."""
    lines = source.read(runbook.path, data).lines
    subject = model.Subject(runbook, "\n".join(lines), lines, files.exists, files.text)
    findings = judging.judge(subject, registry.RULES, chosen)
    return Document(tuple(findings), model.outline(runbook, suppression.read(lines)))


def alerts_in(path: Path) -> tuple[model.AlertRule, ...]:
    """The alerts of a Prometheus rule file."""
    text = source_files.read_any(path).decode("utf-8", "replace")
    return rule_files.read(text, checked_files.shown(path))
