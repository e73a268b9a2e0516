"""The container engine: Docker as it is, or as Debian packages it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from containers import steps

PROGRAMS = {"docker": "docker.io", "docker-compose": "docker-compose", "jq": "jq", "curl": "curl"}
PATIENCE = 20.0


def missing() -> list[str]:
    """The Debian packages that must be installed first."""
    lacking = [package for program, package in PROGRAMS.items() if shutil.which(program) is None]
    if not runs() and shutil.which("dockerd") is None:
        lacking.append("docker.io")
    return sorted(set(lacking))


def runs() -> bool:
    """Whether an engine answers."""
    return steps.works("docker", "info")


def install(packages: list[str]) -> None:
    """Install packages, after a yes; under CI nobody is there to be asked."""
    if shutil.which("apt-get") is None:
        raise steps.MissingError(
            f"This lab needs {', '.join(packages)}, and there is no apt-get here to install them."
        )
    prefix = [] if os.geteuid() == 0 else ["sudo"]
    if not os.environ.get("CI") and not is_agreed(packages):
        raise steps.MissingError(f"This lab needs {', '.join(packages)}; nothing was installed.")
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    with steps.step(f"Installing {', '.join(packages)}"):
        steps.run([*prefix, "apt-get", "update", "-q"], environment=environment)
        install_command = [*prefix, "apt-get", "install", "-qy", "--no-install-recommends"]
        steps.run([*install_command, *packages], environment=environment)


def is_agreed(packages: list[str]) -> bool:
    """Ask the person at the terminal."""
    if not sys.stdin.isatty():
        return False
    answer = steps.SCREEN.input(f"Install {', '.join(packages)} with apt-get? [y/N] ")
    return answer.strip().lower() in ("y", "yes")


def start(log: Path) -> None:
    """Start the engine where none runs; one clear sentence where none can."""
    if runs():
        return
    if os.geteuid() != 0:
        raise steps.MissingError(
            "No container engine answers, and only root can start one: start Docker and try again."
        )
    with steps.step("Starting the container engine"):
        if not (steps.works("service", "docker", "start") and is_up()):
            start_daemon(log)


def start_daemon(log: Path) -> None:
    """Start dockerd by itself, on a machine without a service manager."""
    with log.open("wb") as output:
        daemon = subprocess.Popen(
            ["dockerd"],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    if not is_up(daemon):
        lines = log.read_text(errors="replace").strip().splitlines()
        reason = lines[-1] if lines else "it said nothing"
        raise steps.MissingError(f"No container engine can run on this machine: {reason}")


def is_up(daemon: subprocess.Popen[bytes] | None = None) -> bool:
    """Wait until the engine answers; False when it gave up, or took too long."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if runs():
            return True
        if daemon is not None and daemon.poll() is not None:
            return False
        time.sleep(0.5)
    return False
