"""A wait: a countdown that outlives Midwatch, and that a person can cut short."""

from __future__ import annotations

import re
from pathlib import Path

from midwatch.base import clock
from midwatch.checks import durations
from midwatch.plugs.steps import ended, worker_files, worker_output

SLEEP = re.compile(r"\s*sleep\s+(?P<number>\d+(?:\.\d+)?)(?P<unit>[smhd]?)\s*")
LONGEST = 24 * 3600.0
MINUTE = 60


def seconds(text: str) -> float | None:
    """How long the text says to wait, of a range the longer; None where it does not say."""
    slept = SLEEP.fullmatch(text)
    if slept:
        return float(slept["number"]) * durations.SECONDS[slept["unit"] or "s"]
    span = durations.span(text)
    return None if span is None or not 0 < span.high <= LONGEST else span.high


def carry_out(request: worker_files.Request, folder: Path, ticks: clock.Clock) -> ended.Exit:
    """Count down to the moment that was set when the step first began."""
    whole = seconds("".join(request.pieces)) or 0.0
    end = ticks.monotonic() + min(whole, max(0.0, request.until - ticks.now().timestamp()))
    shown = _Countdown(end - ticks.monotonic(), " (Enter goes on at once)" if request.ask else "")
    while (left := end - ticks.monotonic()) > 0:
        if worker_files.answered(folder) is not None:
            worker_output.say(f"A person went on with {_words(left)} left.")
            worker_files.mean(folder, f"a person went on with {_words(left)} left")
            return ended.Exit.DONE
        shown.tick(left)
        ticks.sleep(min(left, 0.1))
    worker_output.say("The time is over.")
    return ended.Exit.DONE


class _Countdown:
    """Says how long it still takes: often near the end, seldom before."""

    def __init__(self, left: float, hint: str) -> None:
        self._next = left
        self._hint = hint

    def tick(self, left: float) -> None:
        """Say it, if it is time to."""
        if left > self._next:
            return
        worker_output.say(f"{_words(left)} left{self._hint}")
        every = 10 if left <= MINUTE else 30 if left <= 10 * MINUTE else MINUTE
        self._next = (left - 0.5) // every * every


def _words(left: float) -> str:
    minutes, rest = divmod(round(left), MINUTE)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def by_hand(text: str) -> str:
    """Why a person waits; nothing where Midwatch can."""
    return "" if seconds(text) is not None else "A person waits for this: it names no time."
