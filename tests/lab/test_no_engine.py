"""Where no container engine can run, the lab says so in one sentence and ends with 3."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.lab.conftest import LAB, ROOT


def up(folder: Path, **programs: str) -> subprocess.CompletedProcess[str]:
    """`lab.py up` on a machine that has these programs and no others."""
    for name, script in programs.items():
        program = folder / name.replace("_", "-")
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)
    environment = {
        "PATH": str(folder),
        "PYTHONPATH": str(ROOT / "lab" / "images"),
        "COLUMNS": "200",
    }
    command = [sys.executable, str(LAB / "lab.py"), "up"]
    return subprocess.run(
        command,
        env=environment,
        stdin=subprocess.DEVNULL,
        check=False,
        capture_output=True,
        text=True,
    )


def test_missing_programs_are_named_and_nothing_is_installed(tmp_path: Path) -> None:
    ended = up(tmp_path, apt_get="touch installed")
    assert ended.returncode == 3
    assert ended.stdout.strip() == (
        "✗ This lab needs curl, docker-compose, docker.io, jq; nothing was installed."
    )
    assert not (tmp_path / "installed").exists()


def test_a_machine_without_apt_is_told_so(tmp_path: Path) -> None:
    ended = up(tmp_path)
    assert (ended.returncode, ended.stdout.count("\n")) == (3, 1)
    assert "there is no apt-get here" in ended.stdout


@pytest.mark.skipif(os.geteuid() != 0, reason="Only root can start an engine.")
def test_an_engine_that_cannot_start_is_quoted(tmp_path: Path) -> None:
    ended = up(
        tmp_path,
        docker="exit 1",
        docker_compose="exit 0",
        jq="exit 0",
        curl="exit 0",
        service="exit 1",
        dockerd="echo 'operation not permitted'; exit 1",
    )
    assert ended.returncode == 3
    assert "No container engine can run on this machine: operation not permitted" in ended.stdout
