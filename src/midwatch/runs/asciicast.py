"""A run as an asciicast (version 2), for `asciinema play` and the players of web pages.

The journal knows when a step began and how long it took, not when it printed which line: what it
printed is spread evenly over its time, in its order.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from midwatch.runs import ansi, events, model, state, transcript

WIDTH, HEIGHT = 100, 30
IDLE_SECONDS = 2.0
"""A player shortens longer waits to this; the times themselves stay true."""
FRAMES = 200
"""Pieces that one step's output is played in, at most."""
COLOURS = {"read": "32", "change": "33", "destroy": "1;31", "unknown": "35"}


def cast(run_id: str, recorded: Sequence[events.Recorded], printed: transcript.Printed) -> str:
    """The whole run, a line for each frame."""
    standing = state.fold(recorded)
    began = recorded[0].at
    header = {
        "version": 2,
        "width": WIDTH,
        "height": HEIGHT,
        "timestamp": int(began.timestamp()),
        "idle_time_limit": IDLE_SECONDS,
        "title": _plain(f"{standing.plan.title} on {standing.plan.target}, run {run_id}"),
        "env": {"TERM": "xterm-256color", "SHELL": "/bin/bash"},
    }
    lines = [json.dumps(header)]
    last = 0.0
    for at, text in _frames(standing.plan, recorded, printed):
        last = max(last, at)  # a clock that jumped back does not turn the play around
        lines.append(json.dumps([round(last, 6), "o", text]))
    return "\n".join(lines) + "\n"


def _frames(
    plan: model.Plan, recorded: Sequence[events.Recorded], printed: transcript.Printed
) -> Iterator[tuple[float, str]]:
    began = recorded[0].at
    for each in recorded:
        at = (each.at - began).total_seconds()
        match each.event:
            case events.StepStarted(index, attempt):
                yield at, _head(plan, plan.steps[index], attempt)
            case events.StepFinished():
                yield from _output(each.event, at, printed)
                yield at, _end(each.event)
            case events.GlassBroken():
                yield at, f"\x1b[1;31m!! {_plain(transcript.sentence(plan, each.event))}\x1b[0m\r\n"
            case _:
                yield at, f"\x1b[2m· {_plain(transcript.sentence(plan, each.event))}\x1b[0m\r\n"


def _head(plan: model.Plan, step: model.PlannedStep, attempt: int) -> str:
    again = f", attempt {attempt}" if attempt > 1 else ""
    colour = COLOURS.get(step.effect, "0")
    title = (
        f"\r\n\x1b[1m{step.index + 1}/{len(plan.steps)}\x1b[0m \x1b[{colour}m{step.effect}\x1b[0m "
    )
    where = f"\x1b[2m on {_plain(plan.target)}, line {step.line}{again}\x1b[0m\r\n"
    command = "".join(f"\x1b[1m$ {_plain(line)}\x1b[0m\r\n" for line in _lines(step.text))
    return f"{title}\x1b[1m{_plain(step.title)}\x1b[0m{where}{command}"


def _output(
    event: events.StepFinished, end: float, printed: transcript.Printed
) -> Iterator[tuple[float, str]]:
    whole = printed(event.step, event.attempt)
    text = event.tail if whole is None else whole
    if len(text) > transcript.LONGEST:
        left = len(text) - transcript.LONGEST
        text = f"… {left:,} characters before this are left out …\n{text[-transcript.LONGEST :]}"
    lines = ansi.kept(text).splitlines(keepends=True) if text else []
    size = max(1, -(-len(lines) // FRAMES))
    pieces = ["".join(lines[at : at + size]) for at in range(0, len(lines), size)]
    begin = end - event.seconds
    for number, piece in enumerate(pieces, start=1):
        at = begin + event.seconds * number / (len(pieces) + 1)
        yield max(0.0, at), piece.replace("\r\n", "\n").replace("\n", "\r\n")
    if lines and not lines[-1].endswith("\n"):
        yield end, "\r\n"


def _end(event: events.StepFinished) -> str:
    good = event.verdict in state.GOOD
    sign, colour = ("✓", "32") if good else ("✗", "1;31")
    said = f" {event.meaning}" if event.meaning else ""
    told = f"{sign} {event.verdict} {event.seconds:.1f} s{_plain(said)}"
    return f"\x1b[0m\x1b[{colour}m{told}\x1b[0m\r\n"


def _plain(text: str) -> str:
    """Our own words carry no sequences of the document's."""
    return ansi.visible(text).replace("\n", " ")


def _lines(text: str) -> list[str]:
    return text.rstrip("\n").split("\n")
