"""`make demo` heals what it breaks, proves it, and leaves nothing behind, however it ends."""

from __future__ import annotations

import os
import pathlib
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
MARK = "POSTROOM_DEMO_TEST"


class Showing:
    """One demo, and whatever it started: each process carries the mark in its environment."""

    def __init__(self, folder: pathlib.Path) -> None:
        self.mark = f"{MARK}={uuid.uuid4()}"
        self.temporary = folder / "tmp"
        self.temporary.mkdir()
        self.output = folder / "output"
        environment = os.environ | {
            MARK: self.mark.partition("=")[2],
            "TMPDIR": str(self.temporary),
            "MIDWATCH_STATE": str(folder / "state"),
        }
        environment.pop("COLUMNS", None)
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, str(ROOT / "lab" / "postroom" / "demo.py")],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    def text(self) -> str:
        return self.output.read_text(encoding="utf-8")

    def living(self) -> list[str]:
        """The command lines of what lives, the demo itself among them."""
        found = []
        for environ in pathlib.Path("/proc").glob("[0-9]*/environ"):
            try:
                if self.mark.encode() in environ.read_bytes().split(b"\0"):
                    words = (environ.parent / "cmdline").read_bytes().split(b"\0")
                    found.append(b" ".join(words).decode())
            except (FileNotFoundError, ProcessLookupError, PermissionError):
                continue
        return found

    def gone(self, patience: float) -> bool:
        end = time.monotonic() + patience
        while self.living():
            if time.monotonic() > end:
                return False
            time.sleep(0.1)
        return True

    def wait_for(self, words: str) -> None:
        end = time.monotonic() + 60
        while words not in self.text():
            assert self.process.poll() is None, self.text()
            assert time.monotonic() < end, self.text()
            time.sleep(0.05)


@pytest.fixture
def showing(tmp_path: pathlib.Path) -> Iterator[Showing]:
    begun = Showing(tmp_path)
    yield begun
    begun.process.kill()
    begun.process.wait()
    assert begun.gone(15)


def test_the_demo_heals_proves_it_and_leaves_nothing_behind(showing: Showing) -> None:
    code = showing.process.wait(timeout=110)
    text = showing.text()
    assert code == 0, text
    assert "Healed. All 500 letters arrived, each once." in text
    assert "0 processes are left" in text
    assert "midwatch transcript " in text
    assert "Traceback" not in text
    own = text[: text.index(" 4/5 ")] + text[text.index(" 5/5 ") :]
    assert max(len(line) for line in own.splitlines()) <= 80
    assert showing.gone(2), showing.living()
    assert list(showing.temporary.iterdir()) == []


STARTED, RUNNING = "It is ready", "WORKER    STATE"
LONG = pytest.mark.skipif(not os.environ.get("MIDWATCH_LONG"), reason="only in `make test-long`")


@pytest.mark.parametrize(
    ("number", "moment"),
    [
        (signal.SIGTERM, STARTED),
        (signal.SIGKILL, RUNNING),
        pytest.param(signal.SIGKILL, STARTED, marks=LONG),
        pytest.param(signal.SIGTERM, RUNNING, marks=LONG),
        pytest.param(signal.SIGINT, RUNNING, marks=LONG),
    ],
)
def test_a_demo_that_is_interrupted_or_killed_leaves_no_process(
    showing: Showing, number: signal.Signals, moment: str
) -> None:
    showing.wait_for(moment)
    assert len(showing.living()) > 4
    showing.process.send_signal(number)
    assert showing.process.wait(timeout=30) != 0
    assert showing.gone(15), showing.living()
    assert "Traceback" not in showing.text()


def test_ctrl_c_in_a_terminal_reaches_everything_and_leaves_no_process(showing: Showing) -> None:
    showing.wait_for(RUNNING)
    os.killpg(showing.process.pid, signal.SIGINT)
    assert showing.process.wait(timeout=30) == 130
    assert showing.gone(15), showing.living()
    assert "Traceback" not in showing.text()
    assert list(showing.temporary.iterdir()) == []
