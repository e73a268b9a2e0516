"""The documents of a check: read and judged, by as many processes as that is worth."""

from __future__ import annotations

import concurrent.futures
import dataclasses
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from midwatch.app import checked_files
from midwatch.checks import judging, model, registry, rule_files, selection, suppression
from midwatch.runbook import reading, source

MANY = 8
"""From this many files on, several processes share the work."""
Progress = Callable[[int, int], None]


@dataclasses.dataclass(frozen=True, slots=True)
class Request:
    """What is to be checked, and how."""

    paths: tuple[Path, ...]
    selection: selection.Selection = dataclasses.field(default_factory=selection.Selection)
    rule_files: tuple[Path, ...] = ()
    exclude: tuple[str, ...] = ()
    jobs: int = 0
    """How many processes; 0 asks the machine."""


@dataclasses.dataclass(frozen=True, slots=True)
class Checked:
    """What was read, and what was found in it."""

    findings: tuple[model.Finding, ...]
    files: tuple[str, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Document:
    """One file's own findings, and what other files may ask of it."""

    findings: tuple[model.Finding, ...]
    outline: model.Outline


def silent(_done: int, _all: int) -> None:
    """Progress that nobody wants to see."""


def check(request: Request, progress: Progress = silent) -> Checked:
    """Every finding in the files asked for, file by file."""
    files = checked_files.markdown_files(request.paths, request.exclude)
    alerts = tuple(alert for path in request.rule_files for alert in alerts_in(path))
    documents = list(each(files, request, progress))
    collection = model.Collection(tuple(d.outline for d in documents), alerts)
    findings = [finding for document in documents for finding in document.findings]
    findings += judging.judge_all(collection, registry.RULES, request.selection)
    findings.sort(key=lambda finding: (finding.path, finding.line, finding.column))
    return Checked(tuple(findings), tuple(checked_files.shown(path) for path in files))


def each(files: Sequence[Path], request: Request, progress: Progress) -> Iterator[Document]:
    """The files, judged one by one, by as many processes as that is worth."""
    jobs = request.jobs or os.cpu_count() or 1
    if jobs == 1 or len(files) < MANY:
        for number, path in enumerate(files, 1):
            yield check_file(path, request.selection)
            progress(number, len(files))
        return
    with concurrent.futures.ProcessPoolExecutor(jobs) as pool:
        chosen = [request.selection] * len(files)
        judged = pool.map(check_file, files, chosen, chunksize=4)
        for number, document in enumerate(judged, 1):
            yield document
            progress(number, len(files))


def check_file(path: Path, chosen: selection.Selection) -> Document:
    """One file, read and judged."""
    name, data = checked_files.shown(path), checked_files.read_bytes(path)
    return check_bytes(name, data, chosen, checked_files.nearby(path))


def check_bytes(
    name: str,
    data: bytes,
    chosen: selection.Selection,
    exists: Callable[[str], bool] = model.nowhere,
) -> Document:
    """One document's bytes, read and judged; for editors and tests as well."""
    runbook = reading.read(name, data)
    lines = source.read(name, data).lines
    subject = model.Subject(runbook, "\n".join(lines), lines, exists)
    findings = judging.judge(subject, registry.RULES, chosen)
    return Document(tuple(findings), model.outline(runbook, suppression.read(lines)))


def alerts_in(path: Path) -> tuple[model.AlertRule, ...]:
    """The alerts of a Prometheus rule file."""
    text = checked_files.read_bytes(path).decode("utf-8", "replace")
    return rule_files.read(text, checked_files.shown(path))
