"""The use case behind `midwatch check`: find the files, read them, judge them."""

from __future__ import annotations

import concurrent.futures
import dataclasses
import os
import tomllib
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from midwatch.base import errors
from midwatch.checks import judging, model, registry, rule_files, selection, settings, suppression
from midwatch.runbook import model as runbooks
from midwatch.runbook import reading

SUFFIXES = frozenset({".md", ".markdown"})
SKIPPED = frozenset({"node_modules", "vendor", "venv", "__pycache__", "site-packages"})
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
    files = markdown_files(request.paths, request.exclude)
    alerts = tuple(alert for path in request.rule_files for alert in alerts_in(path))
    documents = list(each(files, request, progress))
    collection = model.Collection(tuple(d.outline for d in documents), alerts)
    findings = [finding for document in documents for finding in document.findings]
    findings += judging.judge_all(collection, registry.RULES, request.selection)
    findings.sort(key=lambda finding: (finding.path, finding.line, finding.column))
    return Checked(tuple(findings), tuple(shown(path) for path in files))


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
    return check_bytes(shown(path), read_bytes(path), chosen, nearby(path))


def check_bytes(
    name: str,
    data: bytes,
    chosen: selection.Selection,
    exists: Callable[[str], bool] = model.nowhere,
) -> Document:
    """One document's bytes, read and judged; for editors and tests as well."""
    runbook = reading.read(name, data)
    text = data.decode("utf-8", "replace").removeprefix("\ufeff")
    subject = model.Subject(runbook, text, tuple(text.splitlines()), exists)
    findings = judging.judge(subject, registry.RULES, chosen)
    return Document(tuple(findings), outline(runbook, subject.lines))


def outline(runbook: runbooks.Runbook, lines: Sequence[str]) -> model.Outline:
    """What other documents may need to know of this one."""
    return model.Outline(
        path=runbook.path,
        title=runbook.title,
        headings=runbook.headings,
        links=runbook.links,
        rules=runbook.rules,
        procedures=tuple(procedure.id for procedure in runbook.procedures),
        silences=suppression.read(lines),
    )


def nearby(path: Path) -> Callable[[str], bool]:
    """Whether a named file stands beside the document or above it, within its repository."""
    folders = [path.resolve().parent]
    while not (folders[-1] / ".git").exists() and folders[-1] != folders[-1].parent:
        folders.append(folders[-1].parent)
    if not (folders[-1] / ".git").exists():
        folders = folders[:1]

    def exists(name: str) -> bool:
        return any((folder / name).exists() for folder in folders)

    return exists


def markdown_files(paths: Iterable[Path], exclude: Sequence[str] = ()) -> list[Path]:
    """The Markdown files below the paths, each once; a file named outright is taken as it is."""
    found: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            below = [p for p in walk(path) if not any(p.match(pattern) for pattern in exclude)]
            if not below:
                raise errors.UserError(
                    f"{path} holds no Markdown file.", "Name the folder that your runbooks are in."
                )
            found.update(dict.fromkeys(below))
        elif path.exists():
            found[path] = None
        else:
            raise errors.UserError(f"{path} does not exist, so it cannot be checked.")
    return list(found)


def walk(folder: Path) -> Iterator[Path]:
    """The Markdown files in a folder and below; hidden folders and installed packages left out."""
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(f for f in folders if not f.startswith(".") and f not in SKIPPED)
        for name in sorted(names):
            if Path(name).suffix.lower() in SUFFIXES:
                yield Path(parent) / name


def shown(path: Path) -> str:
    """The path as findings name it: relative to here where it is below, with forward slashes."""
    absolute = Path(os.path.abspath(path))  # noqa: PTH100  (resolve would follow links)
    here = Path.cwd()
    return (absolute.relative_to(here) if absolute.is_relative_to(here) else path).as_posix()


def read_bytes(path: Path) -> bytes:
    """The file's bytes, or one sentence that says why there are none."""
    try:
        return path.read_bytes()
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise errors.UserError(f"{path} cannot be read: {reason}.") from error


def alerts_in(path: Path) -> tuple[model.AlertRule, ...]:
    """The alerts of a Prometheus rule file."""
    return rule_files.read(read_bytes(path).decode("utf-8", "replace"), shown(path))


def team_settings(start: Path) -> tuple[settings.Settings, Path]:
    """`[check]` of the nearest `midwatch.toml` upwards, and the folder it stands in."""
    for folder in (start.resolve(), *start.resolve().parents):
        file = folder / "midwatch.toml"
        if file.is_file():
            try:
                table = tomllib.loads(read_bytes(file).decode())
            except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
                raise errors.UserError(f"{file} is not TOML: {error}.") from error
            chosen = table.get("check", {})
            return settings.read(chosen, str(file)), folder
    return settings.Settings(), start
