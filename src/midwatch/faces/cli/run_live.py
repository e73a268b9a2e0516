"""What happens, as it happens: for a person, or one JSON event a line."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime
import json
import sys

from rich import console, text

from midwatch.base import clock
from midwatch.engine import local_world
from midwatch.faces.cli import keyboard, live_output, marks, run_plan, run_summary, standing_line
from midwatch.runs import durations, events, model, record, shell_events, transcript

SIGNS = {
    events.Verdict.OK: ("✓", "green"),
    events.Verdict.FINE: ("✓", "green"),
    events.Verdict.WINDOW: ("✓", "green"),
    events.Verdict.FAILED: ("✗", "bold red"),
    events.Verdict.LIMIT: ("✗", "bold red"),
}
BEGINNINGS = (events.StepStarted, events.StepAttached, shell_events.ExitTrapStarted)
ENDS = (events.Finished, events.Waiting, events.Interrupted)
HERE = "at the terminal"
"""Who says yes here has the command before them."""
QUIET = (events.Planned, events.Finished, events.Approved)


class Screen:
    """Shows a run to a person: the step, its output as it comes, how it ended."""

    def __init__(
        self,
        screen: console.Console,
        interruption: local_world.Interruption,
        keys: keyboard.Keyboard | None = None,
        *,
        leaving: str = "stop",
    ) -> None:
        self._screen = screen
        self._interruption = interruption
        self._plan: model.Plan | None = None
        self._at_line_start = True
        self._ticks = clock.SystemClock()
        self._began = self._ticks.now()
        self._step = 0
        self._approved: int | None = None
        self._since: datetime.datetime | None = None
        """Since when the step runs; nothing between two steps."""
        self._leaving = leaving
        """What Ctrl-C does."""
        self._live = live_output.LiveOutput(keys, self._bar, self._ticks) if keys else None

    def began(self, run_id: str, planned: events.Recorded) -> None:
        """Say which run it is, before anything else."""
        self._began = planned.at
        if isinstance(planned.event, events.Planned):
            self._plan = planned.event.plan
        self._print(text.Text(f"Run {run_id}", style="bold"))

    def happened(self, recorded: events.Recorded) -> None:
        """Show the event."""
        event = recorded.event
        if isinstance(event, BEGINNINGS):
            self._go_on(recorded)
        elif isinstance(event, ENDS):
            self.rest()
        if isinstance(event, events.Replanned):
            self._plan = event.plan
        if isinstance(event, events.Approved) and event.how.startswith(HERE):
            self._approved = event.step
        if self._plan is not None and not isinstance(event, QUIET):
            self._show(self._plan, event)

    def _show(self, plan: model.Plan, event: events.Event) -> None:
        if isinstance(event, shell_events.ShellEvent):
            self._shell(plan, event)
            return
        match event:
            case events.StepStarted(index, attempt):
                self._begin(plan, plan.steps[index], attempt)
            case events.StepFinished():
                self._end(event)
            case events.Checked():
                self._check(event)
            case events.Looked():
                self._look(event, transcript.sentence(plan, event))
            case events.StepSkipped(reason=reason) if reason.startswith(run_summary.IMPLIED):
                pass
            case events.GlassBroken():
                said = transcript.sentence(plan, event)
                self._print(text.Text(f"  !! {said}", style="bold red"))
            case _:
                self._print(text.Text(f"  · {transcript.sentence(plan, event)}", style="dim"))

    def printed(self, data: bytes) -> None:
        """Pass on what the step prints, as it is; nothing, where it goes on in silence."""
        if data:
            self._at_line_start = data.endswith(b"\n")
        try:
            if self._live is not None:
                self._live.write(data)
                self._live.tick()
            elif data:
                live_output.out(data)
        except OSError:
            self._interruption.lose()

    def rest(self) -> None:
        """Leave the terminal to somebody else: a question, or the shell it was started from."""
        if self._live is not None:
            with contextlib.suppress(OSError):
                self._live.rest()

    def _go_on(self, recorded: events.Recorded) -> None:
        self._step = getattr(recorded.event, "step", self._step)
        self._since = recorded.at
        if self._live is not None:
            self._live.begin()

    def _bar(self, held: live_output.Held | None, columns: int) -> str:
        """The line under the output."""
        plan = self._plan
        if plan is None:
            return ""
        now, since = self._ticks.now(), self._since
        standing = standing_line.Standing(
            number=self._step + 1,
            total=len(plan.steps),
            step_seconds=(now - since).total_seconds() if since is not None else None,
            run_seconds=(now - self._began).total_seconds(),
            target_seconds=durations.longest(plan.recovery_target),
            leaving=self._leaving,
        )
        line = standing_line.line(standing, held, columns)
        with self._screen.capture() as captured:
            self._screen.print(line, end="", soft_wrap=True)
        return captured.get()

    def noticed(self, sentence: str) -> None:
        """Say something that is no event."""
        self._print(text.Text(f"  {sentence}", style="yellow"))

    def _begin(self, plan: model.Plan, step: model.PlannedStep, attempt: int) -> None:
        line = text.Text(f"{step.index + 1}/{len(plan.steps)} ", style="bold")
        line.append_text(marks.planned(step))
        line.append(f" {step.title}", style="bold")
        line.append(f"  on {plan.target}, line {step.line}", style="dim")
        if attempt > 1:
            line.append(f", attempt {attempt}", style="dim")
        self._print(text.Text())
        self._print(line)
        seen = self._approved == step.index or run_plan.is_said(step)
        for words in () if seen else run_plan.command(step):
            self._print(words)
        self._approved = None
        for expected in step.expected:
            self._print(text.Text(f"     expected: {expected}", style="dim"))

    def _shell(self, plan: model.Plan, event: shell_events.ShellEvent) -> None:
        match event:
            case shell_events.ExitTrapStarted():
                self._begin_trap(event)
            case shell_events.ExitTrapFinished():
                self._end_trap(event)
            case shell_events.ShellClosed():
                self._at_line_start = True
                shown = dataclasses.replace(event, changed=())  # the question names what changed
                self._print(text.Text(f"  · {transcript.sentence(plan, shown)}", style="dim"))
            case _:
                self._print(text.Text(f"  · {transcript.sentence(plan, event)}", style="dim"))

    def _begin_trap(self, event: shell_events.ExitTrapStarted) -> None:
        self._print(text.Text())
        self._print(text.Text("The runbook's EXIT trap", style="bold"))
        for words in event.text.splitlines():
            self._print(text.Text(f"{run_plan.INDENT}{words}", style="bold"))

    def _end_trap(self, event: shell_events.ExitTrapFinished) -> None:
        self._end_line()
        sign, style = ("✗", "bold red") if event.meaning else ("✓", "green")
        said = f" {event.meaning}" if event.meaning else ""
        self._print(text.Text(f"  {sign} {event.seconds:.1f} s{said}", style=style))

    def _end_line(self) -> None:
        if not self._at_line_start:
            self.printed(b"\n")

    def _end(self, event: events.StepFinished) -> None:
        self._since = None
        self._end_line()
        sign, style = SIGNS[event.verdict]
        said = f" {event.meaning}" if event.meaning else ""
        self._print(text.Text(f"  {sign} {event.seconds:.1f} s{said}", style=style))

    def _check(self, event: events.Checked) -> None:
        """What holds is said quietly; what does not, is not overlooked."""
        fails = event.answer is events.Check.FAILS
        asked = event.answer is events.Check.OPEN  # the question says it
        if (event.expected or fails) and not asked:
            style = "bold red" if fails else "dim"
            self._print(text.Text(f"  · {transcript.checked(event)}", style=style))

    def _look(self, event: events.Looked, said: str) -> None:
        self._print(text.Text(f"  · {said}", style="dim"))
        for words in (event.tail or "(nothing was printed)").splitlines():
            self._print(text.Text(f"     {words}", style="cyan"))

    def _print(self, line: text.Text) -> None:
        try:
            if self._live is not None:
                with self._screen.capture() as captured:
                    run_plan.put(self._screen, line)
                self._live.write(captured.get().encode(self._screen.encoding, "replace"))
            else:
                run_plan.put(self._screen, line)
                self._screen.file.flush()
        except OSError:
            self._interruption.lose()


class Lines:
    """One JSON event a line, for programs; what steps print is in each step's result."""

    def __init__(self, interruption: local_world.Interruption) -> None:
        self._interruption = interruption
        self._run_id = ""

    def began(self, run_id: str, planned: events.Recorded) -> None:
        """The first line names the run, whether it is new or taken up again."""
        self._run_id = run_id
        self.happened(planned)

    def happened(self, recorded: events.Recorded) -> None:
        """Print the event."""
        self.print(as_fields(self._run_id, recorded))

    def print(self, fields: dict[str, object]) -> None:
        """Print one line."""
        try:
            sys.stdout.write(json.dumps(fields, ensure_ascii=False) + "\n")
            sys.stdout.flush()
        except OSError:
            self._interruption.lose()

    def printed(self, data: bytes) -> None:
        """Events only."""

    def rest(self) -> None:
        """Nothing is held."""

    def noticed(self, sentence: str) -> None:
        """Events only."""


def as_fields(run_id: str | None, recorded: events.Recorded) -> dict[str, object]:
    """An event as programs get it; the environment of the run is nobody's business."""
    payload = record.payload(recorded.event)
    if isinstance(recorded.event, events.Planned | events.Replanned):
        hidden = ("environment", "secret_environment", "shell")
        payload["plan"] = {
            key: payload["plan"][key] for key in payload["plan"] if key not in hidden
        }
    for name in ("state", "left"):
        payload.pop(name, None)
    return {
        "run_id": run_id,
        "seq": recorded.seq,
        "at": recorded.at.isoformat(),
        "kind": record.kind(recorded.event),
        **payload,
    }
