"""`midwatch`: every command registered in one visible place, and errors mapped once."""

from __future__ import annotations

import gc
import os
import sys
import types
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

import midwatch
from midwatch.base import errors, lazy
from midwatch.faces.cli import (
    answer,
    approve,
    bundle,
    check,
    doctor,
    drill,
    drills,
    explain,
    export,
    incident,
    incidents,
    knowledge,
    measures,
    messages,
    oncall,
    page,
    pause,
    policy,
    postmortem,
    respond,
    resume,
    run,
    runs,
    serve,
    serve_runs,
    show,
    silence,
    stop,
    transcript,
    undo,
    verify,
    why,
)

if TYPE_CHECKING:
    import tempfile
    import traceback
else:
    tempfile = lazy.module("tempfile")
    traceback = lazy.module("traceback")

app = typer.Typer(
    name="midwatch",
    help="Operations runbooks in ordinary Markdown: checked like code, run under guard, on record.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # plain help takes half the time to appear
    context_settings={"help_option_names": ["-h", "--help"]},
)
knowledge_app = typer.Typer(help="What Midwatch knows of each tool.", no_args_is_help=True)
messages_app = typer.Typer(
    help="What was sent to whom, and what never arrived.",
    epilog="For example: midwatch messages --dead",
)
silence_app = typer.Typer(
    help="Alerts that need nobody for a while.",
    epilog='For example: midwatch silence add \'service="mail"\' --for 2h -m "moving it"',
    no_args_is_help=True,
)
export_app = typer.Typer(help="What a runbook holds, for other tools.", no_args_is_help=True)
policy_app = typer.Typer(help="What the guard would say.", no_args_is_help=True)

app.command(short_help="Read a runbook: steps, effects, inputs, facts.")(show.show)
app.command(short_help="Say what a command does before it runs.")(explain.explain)
app.command(short_help="Find what is wrong in runbooks, like a compiler.")(check.check)
app.command(short_help="Carry out one procedure, under guard, on record.")(run.run)
app.command(short_help="Go on after Ctrl-C, a crash, a failure, a question.")(resume.resume)
app.command(short_help="Stop a run and every process of its step.")(stop.stop)
app.command(short_help="Take back what a run changed, last change first.")(undo.undo)
app.command(short_help="List the latest runs, and how each ended.")(runs.runs)
app.command(short_help="Print what a run did and what it printed.")(transcript.transcript)
app.command(short_help="Keep watch: alerts in, incidents kept, people paged.")(serve.serve)
app.command(hidden=True)(serve_runs.serve_runs)
app.command(short_help="Break a lab on purpose; its runbook must heal it.")(drill.drill)
app.command(short_help="List the latest drills, and what healed.")(drills.drills)
app.command(short_help="Say yes to a step that wants a second person.")(approve.approve)
app.command(short_help="Answer what a waiting run asks.")(answer.answer)
app.command(short_help="Collect all evidence of a run in one archive.")(bundle.bundle)
app.command(short_help="Prove that nobody touched such an archive.")(verify.verify)
app.command(short_help="List what is open, and whose it is.")(incidents.incidents)
app.command(short_help="Show one incident, what to do first.")(incident.incident)
app.command(short_help="Say that an incident is yours.")(respond.ack)
app.command(short_help="Say that an incident is over.")(respond.resolve)
app.command(short_help="Open a resolved incident again.")(respond.reopen)
app.command(short_help="Take it, and be paged again later.")(respond.snooze)
app.command(short_help="Give an incident to somebody.")(respond.assign)
app.command(short_help="Call somebody in to an incident.")(respond.call)
app.command(short_help="Write on an incident's timeline.")(respond.note)
app.command(short_help="Write an incident up, in Markdown.")(postmortem.postmortem)
app.command(short_help="Say why somebody was paged, or was not.")(why.why)
app.command(short_help="Show whose night it is, and the gaps.")(oncall.oncall)
app.command(short_help="Send somebody a test page.")(page.page)
app.command(short_help="Prove that a page would arrive tonight.")(doctor.doctor)
messages_app.callback(invoke_without_command=True)(messages.list_)
messages_app.command("replay", short_help="Send a dead letter again.")(messages.replay)
app.add_typer(messages_app, name="messages")
app.command(short_help="Show how long incidents took.")(measures.measures)
app.command(short_help="Stop all remediation by itself.")(pause.pause)
app.command(short_help="Let remediation go on.")(pause.unpause)
silence_app.command("add", short_help="Silence alerts for a while.")(silence.add)
silence_app.command("list", short_help="List what is silenced.")(silence.list_)
silence_app.command("end", short_help="End a silence now.")(silence.end)
app.add_typer(silence_app, name="silence")
knowledge_app.command("check")(knowledge.check)
knowledge_app.command("show")(knowledge.show)
policy_app.command("explain")(policy.explain)
export_app.command("rules", short_help="Prometheus rules from the alerts in runbooks.")(
    export.rules
)
app.add_typer(policy_app, name="policy")
app.add_typer(knowledge_app, name="knowledge")
app.add_typer(export_app, name="export")

COMPLETING = "_MIDWATCH_COMPLETE"
"""Set where the shell asks how a line can go on."""
GARBAGE = 20_000
"""Objects between two looks for garbage: starting up makes many and throws none away."""


def version(wanted: bool) -> None:  # noqa: FBT001  (Typer hands the flag over by position)
    """Print the version and leave."""
    if wanted:
        typer.echo(f"midwatch {midwatch.__version__}")
        raise typer.Exit


@app.callback()
def root(
    *,
    _version: Annotated[
        bool,
        typer.Option("--version", callback=version, is_eager=True, help="Print the version."),
    ] = False,
) -> None:
    """Operations runbooks in ordinary Markdown: checked like code, run under guard, on record."""


def report_bug(
    kind: type[BaseException], error: BaseException, trace: types.TracebackType | None
) -> None:
    """Say that Midwatch itself is at fault, in one sentence, and keep the trace in a file."""
    handle, name = tempfile.mkstemp(prefix="midwatch-bug-", suffix=".txt")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.writelines(traceback.format_exception(kind, error, trace))
    sys.stderr.write(
        f"midwatch: this is a bug in Midwatch ({kind.__name__}: {error}); nothing recorded is "
        f"lost.\n  Please report it with {name}\n"
    )


def tell(error: errors.MidwatchError) -> int:
    """Write the error for a person; the exit code says which kind it was."""
    sys.stderr.write(f"midwatch: {error.message}\n")
    if error.hint:
        sys.stderr.write(f"  {error.hint}\n")
    return int(error.exit)


def name_of(error: OSError) -> str:
    """The file an operating-system error is about, or a word that says none was named."""
    return str(error.filename or "the output")


def close_output() -> None:
    """Give up on an output that nobody reads any more, so that Python does not complain."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())


def can_write() -> bool:
    """Whether the output still takes what was written; a full disk does not."""
    try:
        sys.stdout.flush()
    except OSError:
        return False
    return True


def narrow(words: Sequence[str]) -> None:
    """Make of all commands the one that is asked for, which is quicker; help lists all of them."""
    if not words or COMPLETING in os.environ:
        return
    commands = [each for each in app.registered_commands if name_of_command(each) == words[0]]
    groups = [each for each in app.registered_groups if each.name == words[0]]
    if commands or groups:
        app.registered_commands, app.registered_groups = commands, groups


def name_of_command(info: typer.models.CommandInfo) -> str:
    """What the command is called on the command line."""
    name = getattr(info.callback, "__name__", "")
    return info.name or typer.main.get_command_name(name)


def main() -> None:
    """Run the command line and leave with the documented exit code."""
    gc.set_threshold(GARBAGE)
    sys.excepthook = report_bug
    narrow(sys.argv[1:])
    try:
        typer.main.get_command(app)()  # called as `app()`, Typer would print a traceback
    except errors.MidwatchError as error:
        sys.exit(tell(error))
    except KeyboardInterrupt:
        sys.stderr.write("midwatch: interrupted\n")
        sys.exit(int(errors.Exit.INTERRUPTED))
    except BrokenPipeError:
        close_output()
        sys.exit(int(errors.Exit.FAILED))
    except OSError as error:
        reason = error.strerror or str(error)
        if not can_write():
            close_output()
        sys.exit(tell(errors.WorldError(f"{name_of(error)}: {reason.lower()}; try again")))
    finally:
        gc.freeze()  # Python would look for garbage three more times, and the system takes it all


if __name__ == "__main__":
    main()
