"""`midwatch check`: what is wrong with runbooks, before the night they are needed."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from midwatch.base import clock, errors, lazy
from midwatch.faces.cli import check_flags

if TYPE_CHECKING:
    from midwatch.app import asked_programs, checking, fixed_files
    from midwatch.checks import explanation, settings
    from midwatch.checks.reports import formats, text
    from midwatch.plugs import oracle as programs
else:
    checking = lazy.module("midwatch.app.checking")
    explanation = lazy.module("midwatch.checks.explanation")
    formats = lazy.module("midwatch.checks.reports.formats")
    programs = lazy.module("midwatch.plugs.oracle")
    settings = lazy.module("midwatch.checks.settings")
    text = lazy.module("midwatch.checks.reports.text")

WIDEST = 100
STANDARD_INPUT = Path("-")


def check(  # noqa: PLR0913  (each one is a flag that a person can give)
    paths: check_flags.Paths = None,
    *,
    format_: check_flags.Format = "text",
    fail_on: check_flags.FailOn = None,
    select: check_flags.Select = None,
    ignore: check_flags.Ignore = None,
    rules: check_flags.RuleFiles = None,
    baseline: check_flags.Baseline = None,
    write_baseline: check_flags.WriteBaseline = False,
    fix: check_flags.Fix = False,
    write: check_flags.Write = False,
    oracle: check_flags.Oracle = False,
    explain: check_flags.Explain = None,
    stdin_filename: check_flags.StdinFilename = Path("stdin.md"),
    jobs: check_flags.Jobs = 0,
) -> None:
    """Read runbooks like a compiler: broken commands, unguarded loss, secrets, contradictions.

    Nothing from a document is ever run.

    Examples:

        midwatch check ops/

        midwatch check --format sarif --fail-on warning docs/runbooks > midwatch.sarif

        midwatch check - --stdin-filename ops/db.md < draft.md
    """
    if explain is not None:
        sys.stdout.write(explanation.text(explain))
        return
    options = checking.Options(
        paths=tuple(path for path in paths or () if path != STANDARD_INPUT),
        select=tuple(select or ()),
        ignore=tuple(ignore or ()),
        fail_on=fail_on,
        rule_files=tuple(rules or ()),
        baseline=baseline,
        write_baseline=write_baseline,
        fix=fix,
        write=write,
        jobs=jobs,
        given=sys.stdin.buffer.read() if STANDARD_INPUT in (paths or ()) else None,
        given_name=stdin_filename,
        ask=asker() if oracle else None,
    )
    wanted = chosen_format(format_)
    outcome = checking.run(options, progress)
    tell(outcome, wanted, fails=not write_baseline)


def tell(outcome: checking.Outcome, wanted: formats.Format, *, fails: bool) -> None:
    """The findings in the format that was asked for, or what was mended; and how it ends."""
    if outcome.heard is not None:
        show_heard(outcome.heard)
    if outcome.fixes is None:
        sys.stdout.write(formats.render(outcome.report, wanted, style()))
    else:
        show_fixes(outcome.fixes, len(outcome.report.findings))
    if outcome.failing and fails:
        raise typer.Exit(int(errors.Exit.FAILED))


def chosen_format(name: str) -> formats.Format:
    """The format of that name."""
    try:
        return formats.Format(name)
    except ValueError as error:
        raise errors.UserError(
            f"There is no format `{name}`.", "Formats are text, json, sarif, github and junit."
        ) from error


def asker() -> asked_programs.Ask:
    """Who asks the programs of this machine; nobody does where a server runs the check."""
    if os.environ.get("CI", "").lower() not in {"", "0", "false"}:
        raise errors.UserError(
            "--oracle starts programs of this machine, and CI is set.", "Leave --oracle out in CI."
        )
    return programs.Oracle(clock.SystemClock()).ask


def show_heard(heard: asked_programs.Heard) -> None:
    """What the programs said, on one line beside the report."""
    names = ", ".join(sorted(heard.programs))
    sys.stderr.write(
        f"{names} asked: {heard.confirmed} confirmed, {heard.withdrawn} withdrawn.\n"
        if heard.programs
        else "No program of this machine could be asked.\n"
    )


def show_fixes(fixes: fixed_files.Fixes, found: int) -> None:
    """The patch as it is, byte for byte, and beside it what it mends."""
    sys.stdout.flush()
    sys.stdout.buffer.write(fixes.patch)
    sys.stdout.buffer.flush()
    mended, files = len(fixes.mended), len(fixes.files)
    named = f"{files} file{'' if files == 1 else 's'}"
    done = f"changed {named}" if fixes.written else f"the patch changes {named}"
    if not mended:
        done = "nothing to change"
    sys.stderr.write(f"{mended} of {found} finding{'' if found == 1 else 's'} fixed; {done}.\n")


def style() -> text.Style:
    """How the terminal wants text: its width, and colours unless NO_COLOR or a pipe forbid."""
    terminal = sys.stdout.isatty()
    columns = shutil.get_terminal_size((80, 24)).columns
    colour = terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    return text.Style(width=max(40, min(columns, WIDEST)), colour=colour)


def progress(done: int, total: int) -> None:
    """Count files on a terminal, where there are enough to wait for."""
    if not sys.stderr.isatty() or total < checking.MANY:
        return
    end = "\r\x1b[K" if done == total else ""
    sys.stderr.write(f"\r{done} of {total} files{end}")
    sys.stderr.flush()
