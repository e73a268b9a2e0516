"""Nothing outlives what started it, not even when that is killed."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from pathlib import Path

PR_SET_PDEATHSIG = 1


def hold(parent: int, signal_number: int = signal.SIGKILL) -> None:
    """Be sent that signal when the parent ends; the kernel sees to it, even when we are stopped."""
    if sys.platform == "linux":
        library = ctypes.CDLL(None, use_errno=True)
        if library.prctl(PR_SET_PDEATHSIG, int(signal_number), 0, 0, 0) != 0:
            raise OSError(ctypes.get_errno(), "the kernel did not accept PR_SET_PDEATHSIG")
    if not is_child_of(parent):  # it ended before we asked
        os.kill(os.getpid(), signal_number)


def is_child_of(parent: int) -> bool:
    """Whether the process that started us still lives; loops ask where the kernel does not tell."""
    return os.getppid() == parent


def living(group: int) -> list[int]:
    """The processes of a process group that still run; those only waiting to be counted do not."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            after_name = stat.read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        state, _, its_group = after_name[:3]
        if int(its_group) == group and state not in "ZX":
            found.append(int(stat.parent.name))
    return sorted(found)


if __name__ == "__main__":  # python -m postroom.lifeline PROGRAM ARGUMENT…: it ends when we do
    hold(os.getppid(), signal.SIGTERM)
    os.execvp(sys.argv[1], sys.argv[1:])  # noqa: S606 - replaced by the program itself, no shell
