"""Ctrl-C in a drill: the fault is taken out first."""

from __future__ import annotations

import signal
import sys
import types

from midwatch.engine import rehearsal_world

MANY = 3


def install(interruption: rehearsal_world.Interruption) -> None:
    """From now on a signal is a request to take the fault out and leave; the third leaves."""
    count = 0

    def asked(number: int, frame: types.FrameType | None) -> None:
        nonlocal count
        del number, frame
        count += 1
        interruption.ask()
        if count >= MANY:
            raise KeyboardInterrupt
        if count == 1:
            sys.stderr.write("\nTaking the fault out first; Ctrl-C twice more leaves it in.\n")

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, asked)
