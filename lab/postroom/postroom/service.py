"""Starting all of Postroom, and ending it so that nothing is left."""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import subprocess
import sys
import time

from postroom import actions, client, lifeline, supervisor
from postroom.home import Home, TroubleError

PATIENCE = 15.0


def up(home: Home, given: argparse.Namespace) -> int:
    """Start the supervisor, which starts the rest; return when the service is ready."""
    if client.supervisor(home) is not None:
        raise TroubleError(f"Postroom runs in {home.folder} already: `postroomctl status`.")
    home.prepare()
    command = [sys.executable, "-m", "postroom.supervisor", "--workers", str(given.workers)]
    command += ["--lab"] if given.lab else []
    environment = os.environ | {"POSTROOM_HOME": str(home.folder)}
    if given.attached:
        command += ["--parent", str(os.getppid())]
        os.setsid()
        os.chdir(supervisor.PROGRAMS)
        os.execve(sys.executable, command, environment)  # noqa: S606 - replaced by our own program
    with (home.logs / "supervisor.log").open("ab") as output:
        started = subprocess.Popen(
            command,
            cwd=supervisor.PROGRAMS,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    end = time.monotonic() + PATIENCE
    while client.supervisor(home) is None:
        if started.poll() is not None or time.monotonic() > end:
            raise TroubleError(f"It did not start; {home.logs}/supervisor.log says why.")
        time.sleep(actions.TICK)
    actions.until(home, lambda: actions.is_ready(home), PATIENCE, "ready")
    print(f"postroom is ready at http://127.0.0.1:{home.ports.api} with {given.workers} workers")
    return 0


def down(home: Home, _given: argparse.Namespace) -> int:
    """End everything, and prove that nothing is left of it."""
    group = client.supervisor(home)
    if group is None:
        print("postroom does not run")
        return 0
    before = len(lifeline.living(group))
    os.kill(group, signal.SIGTERM)
    end = time.monotonic() + PATIENCE
    while left := lifeline.living(group):
        if time.monotonic() > end:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(group, signal.SIGKILL)
            raise TroubleError(f"Processes {left} did not end in {PATIENCE:g} s and were killed.")
        time.sleep(actions.TICK)
    print(f"stopped {before} processes, 0 are left")
    return 0
