"""The second person uses an account of their own on the machine, and the journal proves it."""

from __future__ import annotations

import dataclasses
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

NOBODY = 65534
PROGRAM = "from midwatch.faces.cli.main import main; main()"
TWO = '[[policy]]\ndecision = "ask"\neffect = "change"\napprovals = 2\n'
RUNBOOK = "# Work\n\n## Mend it\n\n**Resolution:**\n\n```bash\ntouch mended\n```\n"
PATHS = os.pathsep.join(path for path in sys.path if path)


@dataclasses.dataclass(frozen=True, slots=True)
class Office:
    """A folder and a journal that two accounts share, by their group."""

    folder: Path
    python: str
    environment: dict[str, str]

    def midwatch(self, account: int, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self.python if account else sys.executable, "-c", PROGRAM, *arguments],
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            user=account,
            group=NOBODY if account else 0,
            extra_groups=[NOBODY],
        )


def usable() -> str | None:
    """A Python of this version that another account may run."""
    for python in (sys.executable, "/usr/bin/python3"):
        try:
            done = subprocess.run(
                [python, "-c", "import midwatch.faces.cli.main"],
                env={"PATH": os.environ["PATH"], "PYTHONPATH": PATHS},
                capture_output=True,
                check=False,
                user=NOBODY,
                group=NOBODY,
                extra_groups=[],
            )
        except OSError:
            continue
        if done.returncode == 0:
            return python
    return None


@pytest.fixture
def office() -> Iterator[Office]:
    if os.geteuid() != 0:
        pytest.skip("only root can act as a second account")
    python = usable()
    if python is None:
        pytest.skip("no Python here can be run by another account")
    folder = Path(tempfile.mkdtemp(prefix="midwatch-office-"))
    folder.chmod(0o755)
    (folder / "RUNBOOK.md").write_text(RUNBOOK)
    (folder / "midwatch.toml").write_text(TWO)
    state = folder / "state"
    state.mkdir()
    os.chown(state, 0, NOBODY)
    state.chmod(0o2770)
    environment = {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "PYTHONPATH": PATHS,
        "PYTHONDONTWRITEBYTECODE": "1",
        "MIDWATCH_STATE": str(state),
        "XDG_CACHE_HOME": "/nonexistent",
        "LANG": "C.UTF-8",
    }
    yield Office(folder, python, environment)
    shutil.rmtree(folder)


def begun(office: Office) -> str:
    ended = office.midwatch(0, "run", "RUNBOOK.md#mend-it", "--json")
    assert ended.returncode == 4, ended.stdout + ended.stderr
    return str(json.loads(ended.stdout.splitlines()[0])["run_id"])


def test_somebody_with_another_account_says_yes(office: Office) -> None:
    run_id = begun(office)
    shown = office.midwatch(NOBODY, "approve", run_id, "--json")
    found: dict[str, Any] = json.loads(shown.stdout)
    assert (found["actor"], found["text"]) == ("nobody", "touch mended")

    said = office.midwatch(NOBODY, "approve", run_id, "--hash", found["hash"])
    ended = office.midwatch(0, "resume", run_id, "--json")

    assert (said.returncode, ended.returncode) == (0, 0), said.stderr + ended.stderr
    events = [json.loads(line) for line in ended.stdout.splitlines()]
    (yes,) = [event for event in events if event["kind"] == "approved"]
    assert (yes["by"], yes["how"]) == ("nobody", "from the account nobody")
    assert (office.folder / "mended").exists()


def test_the_first_account_cannot_be_two(office: Office) -> None:
    run_id = begun(office)

    said = office.midwatch(0, "approve", run_id, "--json")

    assert said.returncode == 4
    assert "root asked for this run" in said.stderr
    assert office.midwatch(0, "resume", run_id).returncode == 4
    assert not (office.folder / "mended").exists()


def test_the_second_account_reads_none_of_the_first_ones_files(office: Office) -> None:
    run_id = begun(office)
    folder = office.folder / "state" / "runs" / run_id

    seen = subprocess.run(
        ["ls", str(folder)],
        capture_output=True,
        check=False,
        user=NOBODY,
        group=NOBODY,
        extra_groups=[],
    )

    assert seen.returncode != 0
    assert office.midwatch(NOBODY, "resume", run_id).returncode != 0
