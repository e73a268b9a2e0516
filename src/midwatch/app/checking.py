"""The use case behind `midwatch check`: what a person and their team ask for, and what came."""

from __future__ import annotations

import dataclasses
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import midwatch
from midwatch.app import (
    asked_programs,
    checked_documents,
    checked_files,
    fixed_files,
    source_files,
)
from midwatch.base import errors, lazy, shape
from midwatch.checks import baseline, model, selection, settings
from midwatch.checks.reports import model as reports

if TYPE_CHECKING:
    from midwatch.app import nameless_roles, schedule_gaps, stale_proofs, team_escalation
    from midwatch.checks import registry
else:
    nameless_roles = lazy.module("midwatch.app.nameless_roles")
    schedule_gaps = lazy.module("midwatch.app.schedule_gaps")
    team_escalation = lazy.module("midwatch.app.team_escalation")
    stale_proofs = lazy.module("midwatch.app.stale_proofs")
    registry = lazy.module("midwatch.checks.registry")

MANY = checked_documents.MANY


@shape.frozen
class Options:
    """What a person asks for; what they leave open comes from `midwatch.toml`."""

    paths: tuple[Path, ...] = ()
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    fail_on: str | None = None
    rule_files: tuple[Path, ...] = ()
    baseline: Path | None = None
    write_baseline: bool = False
    fix: bool = False
    write: bool = False
    jobs: int = 0
    given: bytes | None = None
    """A document from standard input."""
    given_name: Path = Path("stdin.md")
    """The file that it is, or will be saved as."""
    ask: asked_programs.Ask | None = None
    """Who is asked what the programs of this machine have, where a person wants that."""


@shape.frozen
class Outcome:
    """What a check came to."""

    report: reports.Report
    fixes: fixed_files.Fixes | None = None
    """Where they were asked for."""
    heard: asked_programs.Heard | None = None
    """What the programs of this machine said, where they were asked."""

    @property
    def failing(self) -> bool:
        """Whether a finding at or above `--fail-on` remains."""
        mended = self.fixes.mended if self.fixes and self.fixes.written else frozenset()
        return any(finding not in mended for finding in self.report.failing)


def run(
    options: Options, progress: checked_documents.Progress = checked_documents.silent
) -> Outcome:
    """Check what a person asked for, as their team wants it."""
    team, folder = team_settings(Path.cwd())
    if not options.paths and options.given is None:
        raise errors.UserError("check needs a PATH.", "Try: midwatch check docs/")
    if options.write and options.given is not None:
        raise errors.UserError(
            "--write cannot change standard input.", "Leave --write out, and apply the patch."
        )
    if options.write and not options.fix:
        raise errors.UserError("--write needs --fix.", "Try: midwatch check --fix --write docs/")
    kept = options.baseline or (folder / team.baseline if team.baseline else None)
    if options.write_baseline and kept is None:
        raise errors.UserError(
            "--write-baseline needs --baseline FILE to know where to write.",
            "Try: midwatch check --baseline .midwatch-baseline.json --write-baseline docs/",
        )
    request = _around(request_of(options, team, folder), options, team, folder)
    checked = checked_documents.check(request, progress)
    findings = list(checked.findings)
    if options.write_baseline and kept is not None:
        kept.write_text(baseline.dump(findings), encoding="utf-8")
    if kept is not None and kept.exists():
        known = baseline.load(kept.read_text(encoding="utf-8"), str(kept))
        findings = baseline.new(findings, known)
    elif options.baseline is not None:
        raise errors.UserError(f"{kept} does not exist.", "Add --write-baseline once to write it.")
    known_before = len(checked.findings) - len(findings)
    heard = asked_programs.hear(findings, options.ask) if options.ask is not None else None
    if heard is not None:
        findings = list(heard.findings)
    report = reports.Report(
        findings=tuple(findings),
        files=checked.files,
        known=known_before,
        fail_on=settings.severity(options.fail_on or team.fail_on, "--fail-on"),
        version=midwatch.__version__,
        rule_pages=team.rule_pages,
    )
    return Outcome(report, fixes(findings, options) if options.fix else None, heard)


def _around(
    request: checked_documents.Request, options: Options, team: settings.Settings, folder: Path
) -> checked_documents.Request:
    """The request with what is known from elsewhere: drills, people, schedules."""
    if team.proofs is not None:
        names = map(checked_files.shown, checked_files.markdown_files(options.paths, team.exclude))
        unproven = tuple(stale_proofs.in_files(names, team.proofs))
        request = dataclasses.replace(request, unproven=unproven)
    people = team_escalation.find(folder) if options.paths else None
    if people is None:
        return request
    tables = team_escalation.own_tables(people, options.paths, team.exclude)
    return dataclasses.replace(
        request,
        nameless=tuple(nameless_roles.of(people, tables)),
        unreached=tuple(schedule_gaps.of(people, tables)),
    )


def fixes(findings: Iterable[model.Finding], options: Options) -> fixed_files.Fixes:
    """The safe fixes, made in the files where the person asks for that."""
    given = (
        {} if options.given is None else {checked_files.shown(options.given_name): options.given}
    )
    return fixed_files.fixes(findings, given, write=options.write)


def request_of(
    options: Options, team: settings.Settings, folder: Path
) -> checked_documents.Request:
    """The options and the team's settings together; an option wins."""
    chosen = dataclasses.replace(
        team.selection,
        select=options.select or team.selection.select,
        ignore=(*team.selection.ignore, *options.ignore),
    )
    for pattern in (*chosen.select, *chosen.ignore, *chosen.severity):
        known = pattern == "all" or any(selection.matches(r.id, pattern) for r in registry.RULES)
        if not known:
            registry.find(pattern)
    named = options.rule_files or tuple(
        path for pattern in team.rule_files for path in sorted(folder.glob(pattern))
    )
    given = None
    if options.given is not None:
        name = checked_files.shown(options.given_name)
        given = checked_documents.File(options.given_name, name, options.given)
    return checked_documents.Request(
        options.paths, chosen, named, team.exclude, jobs=options.jobs, given=given
    )


def team_settings(start: Path) -> tuple[settings.Settings, Path]:
    """`[check]` of the nearest `midwatch.toml` upwards, and the folder it stands in."""
    for folder in (start.resolve(), *start.resolve().parents):
        file = folder / "midwatch.toml"
        if file.is_file():
            try:
                table = tomllib.loads(source_files.read_any(file).decode())
            except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
                raise errors.UserError(f"{file} is not TOML: {error}.") from error
            chosen = table.get("check", {})
            return settings.read(chosen, str(file)), folder
    return settings.Settings(), start
