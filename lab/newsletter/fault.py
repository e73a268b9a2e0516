"""Breaks Newsletter on purpose, as `faults.toml` says: `./fault list | inject ID | heal ID`."""

from __future__ import annotations

import argparse
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent


def faults(path: Path = HERE / "faults.toml") -> dict[str, dict[str, Any]]:
    """The faults by their names."""
    return {fault["id"]: fault for fault in tomllib.loads(path.read_text())["fault"]}


def main() -> int:
    """Do one thing."""
    parser = argparse.ArgumentParser(prog="fault", description=__doc__)
    parser.add_argument("action", choices=["list", "inject", "heal"])
    parser.add_argument("id", nargs="?", choices=sorted(faults()))
    given = parser.parse_args()
    if given.action == "list":
        for name, fault in faults().items():
            print(f"{name:<24} {fault['probe']:<8} {fault['procedure']:<28} {fault['title']}")
        return 0
    if given.id is None:
        parser.error("which fault?")
    script = faults()[given.id][given.action]
    return subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script], cwd=HERE, check=False
    ).returncode


if __name__ == "__main__":
    sys.exit(main())
