"""A short read-only command, for what it prints; before a run exists, so nothing is recorded."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path

MOST = 1 << 18


def printed(
    command: str, environment: Mapping[str, str], folder: Path, seconds: float
) -> str | None:
    """What it prints; None where it fails, is not there, or takes too long."""
    try:
        process = subprocess.Popen(
            ["bash", "--noprofile", "--norc", "-c", command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=folder,
            env=dict(environment),
            start_new_session=True,
        )
    except OSError:
        return None
    try:
        output, _ = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        return None
    return output[:MOST].decode("utf-8", "replace") if process.returncode == 0 else None
