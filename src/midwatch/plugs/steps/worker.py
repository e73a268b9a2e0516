"""The process of a step that is no shell: `python -m midwatch.plugs.steps.worker FOLDER`.

It runs under the same supervisor as a shell step, so it outlives Midwatch, its output and its end
are files, and stopping it is the same. What it must do lies in its folder; the address, which may
hold a password, comes by its environment only.
"""

from __future__ import annotations

import os
import signal
import sys
import types
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from midwatch.base import clock, errors, lazy
from midwatch.commands import model as commands
from midwatch.plugs.steps import ended, worker_files, worker_output

if TYPE_CHECKING:
    from midwatch.plugs.steps import http, manifest, promql, sql, wait
else:
    http = lazy.module("midwatch.plugs.steps.http")
    manifest = lazy.module("midwatch.plugs.steps.manifest")
    promql = lazy.module("midwatch.plugs.steps.promql")
    sql = lazy.module("midwatch.plugs.steps.sql")
    wait = lazy.module("midwatch.plugs.steps.wait")

ADDRESS = "MIDWATCH_STEP_ADDRESS"
STOPPING = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


def main(folder: Path) -> ended.Exit:
    """Carry out what lies in the folder."""
    for number in STOPPING:
        signal.signal(number, _interrupt)
    request = worker_files.read_request(folder)
    try:
        return _carry_out(request, folder, os.environ.get(ADDRESS, ""))
    except errors.MidwatchError as error:
        worker_output.say(f"{error.message} {error.hint}".rstrip())
        worker_files.mean(folder, error.message.rstrip("."))
        return ended.Exit.MISSING if isinstance(error, errors.MissingError) else ended.Exit.FAILED
    except KeyboardInterrupt:
        worker_output.say("It was stopped.")
        reads = request.effect == commands.Effect.READ
        return ended.Exit.ROLLED_BACK if reads else ended.Exit.IN_DOUBT


def _carry_out(request: worker_files.Request, folder: Path, address: str) -> ended.Exit:
    """What carries out which kind of step, in the step's own process."""
    match request.kind:
        case "sql":
            return sql.carry_out(request, folder, address)
        case "promql":
            return promql.carry_out(request, folder, address)
        case "http":
            return http.carry_out(request, folder, address)
        case "manifest":
            return manifest.carry_out(request, folder)
        case "wait":
            return wait.carry_out(request, folder, clock.SystemClock())
    raise errors.BugError(f"Nothing carries out a step of the kind “{request.kind}”.")


def _interrupt(_: int, __: types.FrameType | None) -> NoReturn:
    """Stop as Ctrl-C does, so that what is open can be taken back; once is enough."""
    for number in STOPPING:
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
