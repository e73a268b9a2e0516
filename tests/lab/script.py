"""Scripts of the lab's cases: bash in the lab's folder, with a few tools in front."""

from __future__ import annotations

import dataclasses
import os
import subprocess
from collections.abc import Mapping

from tests.lab.conftest import LAB

FAILSAFE = ["bash", "-euo", "pipefail", "-c"]
PATIENCE = 300


@dataclasses.dataclass(frozen=True, slots=True)
class Bench:
    """Where scripts of cases run."""

    tools: str
    variables: Mapping[str, str] = dataclasses.field(default_factory=dict)

    def run(self, script: str) -> subprocess.CompletedProcess[str]:
        """Run it, whatever comes of it."""
        return subprocess.run(
            [*FAILSAFE, f"{self.tools}\n{script}"],
            cwd=LAB,
            env=os.environ | dict(self.variables),
            check=False,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )

    def holds(self, script: str) -> str:
        """What it prints; a failure with all that it said, unless it ended well."""
        ended = self.run(script)
        assert ended.returncode == 0, f"{script}\n{ended.stdout}{ended.stderr}"
        return ended.stdout
